import { InputError } from '@convlens/core';
import { readFile } from 'node:fs/promises';

/** The weights that figures use. */
const INTER = [
  new URL('../fonts/Inter_400Regular.ttf', import.meta.url),
  new URL('../fonts/Inter_600SemiBold.ttf', import.meta.url),
];

let inter: Promise<Uint8Array[]> | undefined;

/** The font files of Inter, read once, and the additional ones, read at each call. */
export async function readFonts(paths: readonly string[]): Promise<Uint8Array[]> {
  inter ??= Promise.all(INTER.map((url) => readFile(url)));
  const additional = paths.map((path) =>
    readFile(path).catch((error: Error) => {
      throw new InputError(`Expected fontFiles to be paths of font files, got ${path}: ${error.message}`);
    }),
  );
  return (await Promise.all([inter, ...additional])).flat();
}
