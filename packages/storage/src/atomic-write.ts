import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/** What the temporary names of `writeFileAtomically` end in. */
export const TEMPORARY_NAME = /\.partial-[0-9a-f-]{36}$/;

/** The open file that `writeFileAtomically` passes to its callback. */
export interface AtomicFile {
  /** Appends bytes or text. */
  writeFile(data: Uint8Array | string): Promise<void>;
}

/**
 * Writes a file under a temporary name in the same folder and renames it when it is complete and on the disk. If the process
 * is killed, the old file or the new one is there; if `write` fails, the temporary file is removed.
 *
 * @param path the path of the file; its folder must exist
 * @param write writes the contents to the open file
 * @throws what `write` or the file system throws.
 */
export async function writeFileAtomically(
  path: string,
  write: (file: AtomicFile) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.partial-${randomUUID()}`;
  try {
    const file = await open(temporary, 'w');
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
