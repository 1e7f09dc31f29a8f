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
        throw new InputError(
          `Expected --image to name a file that can be read, got ${JSON.stringify(name)}: ${error.message}`,
        );
      });
      return { name, bytes: new Uint8Array(bytes) };
    }),
  );

/** Figures and their files are named by it: file systems take 255 bytes, and a letter may have 4. */
const LONGEST = 40;

/** What figures call the images: the names of their files without folder and ending, cut short, each once. */
export function titlesOf(files: readonly ImageFile[]): string[] {
  const taken = new Set<string>();
  return files.map(({ name }) => {
    const letters = [...basename(name, extname(name))];
    const stem = letters.length > LONGEST ? `${letters.slice(0, LONGEST).join('')}…` : letters.join('');
    let title = stem;
    for (let n = 2; taken.has(title); n++) title = `${stem} (${n})`;
    taken.add(title);
    return title;
  });
}
