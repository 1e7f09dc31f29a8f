import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where data sets lie unless --data-dir says otherwise: $CONVLENS_DATA_DIR, else the platform's cache folder. */
export function defaultDataFolder(): string {
  const { CONVLENS_DATA_DIR, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (CONVLENS_DATA_DIR) return CONVLENS_DATA_DIR;
  const caches: Partial<Record<NodeJS.Platform, string>> = {
    darwin: join(homedir(), 'Library', 'Caches'),
    win32: LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'),
  };
  return join(caches[process.platform] ?? XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'convlens', 'data');
}
