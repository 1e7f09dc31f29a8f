import { InputError, isInputError, UNIT_RANGE } from '@convlens/core';
import { importKeras, type ImportedModel } from '@convlens/model-import';
import { readRegularFile } from '@convlens/storage/node';

/** Whether a path has the ending of a Keras file. */
export const isKerasFile = (path: string) => /\.(h5|hdf5|keras)$/i.test(path);

/** Opens a .keras or .h5 file. The caller disposes the model. */
export async function importKerasFile(path: string): Promise<ImportedModel> {
  const bytes = await readRegularFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      throw new InputError(`Expected a Keras file, found no file ${path}`);
    throw isInputError(error)
      ? error
      : new InputError(`Expected a Keras file, got ${path}: ${error.message}`);
  });
  return importKeras(bytes, { fileName: path });
}

/** Opens a Keras file as a model with preprocessing; if the file does not define one, pixels are scaled to [0, 1]. */
export async function openKerasModel(path: string) {
  const { model, preprocessing = UNIT_RANGE } = await importKerasFile(path);
  return { model, preprocessing };
}
