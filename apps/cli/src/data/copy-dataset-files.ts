import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LoadedFile } from '@convlens/image-set/files';

/**
 * Copies loaded files into another folder under the same names. Each copy gets its final name when it is complete.
 * Returns the number of copies; a file that is in that folder already is not copied.
 */
export async function copyDatasetFiles(
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
