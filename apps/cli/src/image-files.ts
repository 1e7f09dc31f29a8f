import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { InputError } from '@convlens/core';
import type { ImageFile } from '@convlens/pipeline';
import { Option } from 'commander';

export const imageOption = () =>
  new Option('--image <file...>', 'images of your own to look at, PNG or JPEG');

/** Reads the files that --image names; what is in them is checked where they are decoded. */
export const readImageFiles = (paths: readonly string[]): Promise<ImageFile[]> =>
  Promise.all(
    paths.map(async (name) => {
      const bytes = await readFile(name).catch((error: Error) => {
        throw new InputError(`Expected --image to name a file that can be read: ${error.message}`);
      });
      return { name, bytes: new Uint8Array(bytes) };
    }),
  );

/** What figures call the images: the names of their files without folder and ending, each once. */
export function titlesOf(files: readonly ImageFile[]): string[] {
  const titles = files.map(({ name }) => basename(name, extname(name)));
  return titles.map((title, i) => (titles.indexOf(title) === i ? title : `${title} (${i + 1})`));
}
