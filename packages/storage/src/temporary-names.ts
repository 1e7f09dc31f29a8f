import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hostId, isProcessAlive } from './process-identity.js';

/*
 * A file that is not complete is named "NAME.partial-MACHINE-PROCESS-RANDOM". The name tells who writes it, so that the next
 * writer can remove what a killed one has left.
 */

const PATTERN = /\.partial-(?:([\w.]+)-(\d+)-[0-9a-f]{8}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Short, since names have at most 255 bytes. */
const MACHINE = hostId().slice(0, 24);

/** A write of another machine is taken for abandoned after this time. */
const ABANDONED_MS = 60_000;

/** A temporary name for the file at `path`, in the same folder. */
export const temporaryName = (path: string): string =>
  `${path}.partial-${MACHINE}-${process.pid}-${randomBytes(4).toString('hex')}`;

/** Whether a file name is that of an unfinished write. */
export const isTemporaryName = (name: string): boolean => PATTERN.test(name);

/** Removes the temporary files below a folder whose writers do not exist any more, if the folder can be written. */
export async function removeAbandonedFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && isTemporaryName(entry.name) && (await isAbandoned(path)))
      await rm(path, { force: true }).catch(() => {});
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const [, host, pid] = PATTERN.exec(path)!;
  if (host === MACHINE) return !isProcessAlive(Number(pid));
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs > ABANDONED_MS;
}
