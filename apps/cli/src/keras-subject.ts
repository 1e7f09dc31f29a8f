import { readFile, stat } from 'node:fs/promises';
import { InputError, UNIT_RANGE } from '@convlens/core';
import { importKeras, type ImportedModel } from '@convlens/model-import';

/** Whether a path names a file of Keras, rather than a folder. */
export const isKerasFile = (path: string) => /\.(h5|hdf5|keras)$/i.test(path);

/** Opens a .keras or .h5 file. The caller disposes the model. */
export async function openKerasFile(path: string): Promise<ImportedModel> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new InputError(`Expected a Keras file, found no file ${path}`);
  return importKeras(new Uint8Array(await readFile(path)), { name: path });
}

/** A Keras file as what a command looks at. Where it does not say what it reads, pixels are brought to [0, 1]. */
export async function openKerasSubject(path: string) {
  const { model, preprocessing = UNIT_RANGE } = await openKerasFile(path);
  return { model, preprocessing };
}
