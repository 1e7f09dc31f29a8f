import { basename, extname } from 'node:path';
import { InputError, isInputError } from '@convlens/core';
import type { ImageFile } from '@convlens/pipeline';
import { readRegularFile } from '@convlens/storage/node';

/** More bytes than a photo has. */
const MAX_IMAGE_BYTES = 2 ** 28;

/** Reads the files of --image. They are decoded later. */
export const readImageFiles = (paths: readonly string[]): Promise<ImageFile[]> =>
  Promise.all(
    paths.map(async (name) => {
      const bytes = await readRegularFile(name, { maxBytes: MAX_IMAGE_BYTES }).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT')
            throw new InputError(
              `Expected --image to name a file, got ${JSON.stringify(name)}, which does not exist`,
            );
          if (isInputError(error))
            throw new InputError(error.message.replace('Expected', 'Expected --image'));
          throw new InputError(
            `Expected --image to name a file that can be read, got ${JSON.stringify(name)}: ${error.message}`,
          );
        },
      );
      return { name, bytes };
    }),
  );

/** Titles are part of file names: at most 255 bytes, and a character may have 4. */
const MAX_TITLE_LENGTH = 40;

/** Unique titles of images for figures: the file names without folder and ending, shortened. */
export function imageTitles(files: readonly ImageFile[]): string[] {
  const usedTitles = new Set<string>();
  return files.map(({ name }) => {
    const letters = [...basename(name, extname(name))];
    const stem =
      letters.length > MAX_TITLE_LENGTH
        ? `${letters.slice(0, MAX_TITLE_LENGTH).join('')}…`
        : letters.join('');
    let title = stem;
    for (let n = 2; usedTitles.has(title); n++) title = `${stem} (${n})`;
    usedTitles.add(title);
    return title;
  });
}
