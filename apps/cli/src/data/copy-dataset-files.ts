import { join, resolve } from 'node:path';
import type { LoadedFile } from '@convlens/image-set/files';
import { readRegularFile } from '@convlens/storage/node';
import { withOutputFolder } from '../runs/output-folder.js';

/**
 * Copies loaded files into another folder under the same names. A file that is in that folder already with the same content is not
 * copied; one with another content is replaced only if convlens wrote it. Returns the number of copies.
 */
export async function copyDatasetFiles(
  files: readonly LoadedFile[],
  { from, to }: { from: string; to: string },
): Promise<number> {
  if (resolve(from) === resolve(to)) return 0;
  return withOutputFolder(to, { command: 'convlens data', lock: false }, async (output) => {
    let copied = 0;
    for (const { name } of files) {
      const bytes = await readRegularFile(join(from, name));
      const present = await output.read(name);
      if (present && Buffer.compare(present, bytes) === 0) continue;
      await output.write(name, bytes);
      copied++;
    }
    return copied;
  });
}
