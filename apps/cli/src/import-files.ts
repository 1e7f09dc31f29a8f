import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LoadedFile } from '@convlens/image-set/files';

/**
 * Copies files that were loaded, and so are whole, into another folder under the same names; each gets its name last.
 * Returns how many: those that are there already are none.
 */
export async function importFiles(
  files: readonly LoadedFile[],
  { from, to }: { from: string; to: string },
): Promise<number> {
  let copied = 0;
  for (const { name } of files) {
    const target = join(to, name);
    if (target === join(from, name)) continue;
    await mkdir(dirname(target), { recursive: true });
    const temporary = `${target}.import-${process.pid}`;
    try {
      await copyFile(join(from, name), temporary);
      await rename(temporary, target);
      copied++;
    } finally {
      await rm(temporary, { force: true });
    }
  }
  return copied;
}
