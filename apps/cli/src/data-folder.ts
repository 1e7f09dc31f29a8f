import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The platform's folder for what can be fetched again. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const caches: Partial<Record<NodeJS.Platform, string>> = {
    darwin: join(homedir(), 'Library', 'Caches'),
    win32: LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'),
  };
  return caches[process.platform] ?? XDG_CACHE_HOME ?? join(homedir(), '.cache');
}

/** Where data sets lie: as typed, else where a run found them, else $CONVLENS_DATA_DIR, else the cache folder. */
export function dataFolder(typed: string | undefined, { dataDir }: { dataDir?: string } = {}): string {
  return resolve(
    typed ?? dataDir ?? process.env.CONVLENS_DATA_DIR ?? join(cacheFolder(), 'convlens', 'data'),
  );
}
