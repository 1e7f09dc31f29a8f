import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { hostId, isProcessAlive } from '@convlens/storage/node';

/*
 * A download that is not complete is in a part file, "NAME.part-MACHINE-PROCESS-THREAD". Each thread writes a part of its
 * own, so that threads, processes and machines may share a folder, and takes over a part that its writer has abandoned.
 */

/** A part of a writer that may be alive is left alone, unless it has not grown for this time. */
const ABANDONED_MS = 120_000;

const HOST = hostId();
const WRITER_ID = `${HOST}-${process.pid}-${threadId}`;

/** Machine, process, thread, and a number if a thread has several parts of one file. */
const WRITER_PATTERN = /^([\w.]+)-(\d+)-(\d+)(?:-\d+)?$/;

/** The parts that this thread is writing. */
const openParts = new Set<string>();

/** Reserves the path of a new part of the file at `path` for this thread. */
export function reservePart(path: string): string {
  let part = `${path}.part-${WRITER_ID}`;
  for (let number = 1; openParts.has(part); number++) part = `${path}.part-${WRITER_ID}-${number}`;
  openParts.add(part);
  return part;
}

export const releasePart = (part: string): void => void openParts.delete(part);

/** Renames the longest abandoned part of a file to `part` and removes the other ones; false if there is none. */
export async function takeOverPart(path: string, part: string): Promise<boolean> {
  const abandoned = await abandonedParts(path, part);
  for (const candidate of abandoned) {
    // If two threads rename the same part, only one succeeds.
    const isRenamed = await rename(candidate, part).then(
      () => true,
      () => false,
    );
    if (!isRenamed) continue;
    for (const other of abandoned) if (other !== candidate) await rm(other, { force: true });
    return true;
  }
  return false;
}

/** The parts of the file at `path` that nobody writes, the longest first; `part` counts as one of them. */
export async function abandonedParts(path: string, part: string): Promise<string[]> {
  const prefix = `${basename(path)}.part-`;
  const names = await readdir(dirname(path)).catch(() => []);
  const candidates = await Promise.all(
    names
      .filter((name) => name.startsWith(prefix) && WRITER_PATTERN.test(name.slice(prefix.length)))
      .map((name) => join(dirname(path), name))
      .filter((candidate) => !openParts.has(candidate) || candidate === part)
      .map(async (candidate) => ({ candidate, stats: await stat(candidate).catch(() => undefined) })),
  );
  return candidates
    .flatMap(({ candidate, stats }) => {
      const writer = basename(candidate).slice(prefix.length);
      const isAbandoned = stats && (!mayBeWriting(writer) || Date.now() - stats.mtimeMs > ABANDONED_MS);
      return isAbandoned ? [{ candidate, size: stats.size }] : [];
    })
    .sort((a, b) => b.size - a.size)
    .map(({ candidate }) => candidate);
}

/** Whether the writer of a part may be alive. That of another machine may always be. */
function mayBeWriting(writer: string): boolean {
  const [, host, pid, thread] = WRITER_PATTERN.exec(writer)!;
  if (host !== HOST) return true;
  // A part of this process and thread that is not open was left by an earlier process with the same number.
  if (Number(pid) === process.pid) return Number(thread) !== threadId;
  return isProcessAlive(Number(pid));
}
