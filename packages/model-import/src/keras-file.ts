import { InputError } from '@convlens/core';
import { unpackKerasArchive } from './keras-archive.js';
import { archiveWeights, legacyWeights, type WeightTree } from './weights.js';

/** What a Keras file holds: how the model is made, and its weights. */
export interface KerasFile {
  readonly config: unknown;
  readonly weights: WeightTree;
  /** Of Keras, such as 3: some activations have changed their meaning. */
  readonly majorVersion: number;
}

const startsWith = (bytes: Uint8Array, text: string) =>
  [...text].every((character, i) => bytes[i] === character.charCodeAt(0));

/** Opens a .keras or .h5 file by what it begins with. The reader of HDF5 is loaded here, and only here. */
export async function openKerasFile(
  bytes: Uint8Array,
  { file, maxBytes }: { file: string; maxBytes?: number },
): Promise<KerasFile> {
  const { openHdf5 } = await import('./hdf5/open-hdf5.js');
  if (startsWith(bytes, 'PK')) {
    const archive = unpackKerasArchive(bytes, { file, maxBytes });
    const config = parse(new TextDecoder().decode(archive['config.json']), `config.json of ${file}`);
    const root = openHdf5(archive['model.weights.h5'], `model.weights.h5 of ${file}`);
    return { config, weights: archiveWeights(root, file), majorVersion: 3 };
  }
  if (!startsWith(bytes, '\x89HDF'))
    throw new InputError(
      `Expected ${file} to be a Keras file, .keras (a zip) or .h5 (HDF5); it begins with ${[...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ') || 'nothing'}`,
    );
  const root = openHdf5(bytes, file);
  const [text] = root.strings('model_config') ?? [];
  const group = root.child('model_weights');
  if (text === undefined || !group)
    throw new InputError(
      `Expected ${file} to hold a model with its config, found ${root.keys().join(', ') || 'nothing'}: weights alone, as save_weights writes them, cannot be opened`,
    );
  const [version = '2'] = root.strings('keras_version') ?? [];
  return {
    config: parse(text, `model_config of ${file}`),
    weights: legacyWeights(group, file),
    majorVersion: parseInt(version) || 2,
  };
}

function parse(text: string, where: string): unknown {
  try {
    try {
      return JSON.parse(text);
    } catch {
      // Python writes numbers that JSON has not.
      return JSON.parse(text.replace(/(?<=[:[,]\s*)-?(NaN|Infinity)(?=\s*[,\]}])/g, 'null'));
    }
  } catch (error) {
    throw new InputError(`Expected ${where} to be JSON: ${(error as Error).message}`);
  }
}
