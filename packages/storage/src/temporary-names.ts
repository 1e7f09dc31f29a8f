import { randomBytes } from 'node:crypto';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isProcessAlive, machineId } from './process-identity.js';

/*
 * A file that is not complete is named "NAME.partial-MACHINE-PROCESS-RANDOM". The name tells who writes it, so that the next
 * writer can remove what a killed one has left.
 */

const PATTERN = /\.partial-(?:([\w.]+)-(\d+)-[0-9a-f]{8}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const MACHINE = machineId();

/** A write of another machine is taken for abandoned after this time. */
const ABANDONED_MS = 60_000;

/** A temporary name for the file at `path`, in the same folder. */
export const temporaryName = (path: string): string =>
  `${path}.partial-${MACHINE}-${process.pid}-${randomBytes(4).toString('hex')}`;

/** Whether a file name is that of an unfinished write. */
export const isTemporaryName = (name: string): boolean => PATTERN.test(name);

/**
 * Removes the temporary files below a folder whose writers do not exist any more, if the folder can be written.
 *
 * @param isWritten whether this software writes a file of a path. Temporary names of earlier versions, which other programs use
 *   too, are removed only where it does.
 */
export async function removeAbandonedFiles(
  folder: string,
  isWritten: (path: string) => boolean,
): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let now: number | undefined;
  for (const entry of entries) {
    const match = entry.isFile() && PATTERN.exec(entry.name);
    if (!match) continue;
    const path = join(entry.parentPath, entry.name);
    const [, machine, pid] = match;
    if (machine === undefined && !isWritten(path.slice(0, -match[0].length))) continue;
    const isAbandoned =
      machine === MACHINE
        ? !isProcessAlive(Number(pid))
        : await isOld(path, (now ??= await fileSystemTime(folder)));
    if (isAbandoned) await rm(path, { force: true }).catch(() => {});
  }
}

/** Whether a file was not written for a minute. */
async function isOld(path: string, now: number): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && now - stats.mtimeMs > ABANDONED_MS;
}

/** The time in milliseconds by the clock of the file system, which another machine may share; 0 if the folder cannot be written. */
async function fileSystemTime(folder: string): Promise<number> {
  const probe = temporaryName(join(folder, '.convlens-time'));
  try {
    await writeFile(probe, '');
    return (await stat(probe)).mtimeMs;
  } catch {
    return 0;
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}
