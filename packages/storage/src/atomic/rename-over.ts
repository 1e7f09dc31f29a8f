import { rename } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** What Windows says while another program has one of the files open, such as a reader, a virus scanner or an indexer. */
const BUSY_CODES = ['EPERM', 'EACCES', 'EBUSY'];

/** The waits between attempts in milliseconds, 1.5 s together: scanners are done by then. */
const WAITS_MS = [10, 20, 50, 100, 200, 400, 700];

export interface RenameOverOptions {
  readonly platform?: NodeJS.Platform;
  /** Default `rename` of Node. */
  readonly rename?: (from: string, to: string) => Promise<void>;
}

/**
 * Renames a file over another one. On Windows, where a file that is open cannot be replaced, it is tried again for a short time; other
 * systems use these codes for what does not pass, such as a missing permission.
 *
 * @throws what the last attempt threw
 */
export async function renameOver(
  from: string,
  to: string,
  { platform = process.platform, rename: attempt = rename }: RenameOverOptions = {},
): Promise<void> {
  for (const pause of platform === 'win32' ? WAITS_MS : []) {
    try {
      return await attempt(from, to);
    } catch (error) {
      if (!BUSY_CODES.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await wait(pause);
    }
  }
  return attempt(from, to);
}
