import { readFile, stat } from 'node:fs/promises';
import { InputError, UNIT_RANGE } from '@convlens/core';
import { importKeras, type ImportedModel } from '@convlens/model-import';

/** Whether a path has the ending of a Keras file. */
export const isKerasFile = (path: string) => /\.(h5|hdf5|keras)$/i.test(path);

/** Opens a .keras or .h5 file. The caller disposes the model. */
export async function importKerasFile(path: string): Promise<ImportedModel> {
  const fileStat = await stat(path).catch(() => undefined);
  if (!fileStat?.isFile()) throw new InputError(`Expected a Keras file, found no file ${path}`);
  return importKeras(new Uint8Array(await readFile(path)), { fileName: path });
}

/** Opens a Keras file as a model with preprocessing; if the file does not define one, pixels are scaled to [0, 1]. */
export async function openKerasModel(path: string) {
  const { model, preprocessing = UNIT_RANGE } = await importKerasFile(path);
  return { model, preprocessing };
}
