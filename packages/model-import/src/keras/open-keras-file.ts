import { InputError, isInputError, parseJson } from '@convlens/core';
import { fileType, firstBytes } from '@convlens/formats';
import { splitBackslashNames } from '../hdf5/backslash-names.js';
import { archiveWeights } from '../weights/archive-weights.js';
import { unpackKerasArchive } from './keras-archive.js';
import { isKeras1Config, upgradeKeras1 } from './upgrade-keras-1.js';
import { legacyWeights } from '../weights/legacy-weights.js';
import type { WeightTree } from '../weights/weight-tree.js';

/** The content of a Keras file. */
export interface KerasFile {
  /** The config of the model, as parsed JSON. */
  readonly config: unknown;
  readonly weights: WeightTree;
  /** The major version of Keras: some activation functions differ between versions. */
  readonly majorVersion: number;
  /** What the file does not say, a sentence each. */
  readonly warnings: readonly string[];
}

interface FileOptions {
  /** The name of the file in messages. */
  readonly file: string;
  readonly maxBytes?: number;
}

/** Opens a .keras or .h5 file, which are told apart by their first bytes. */
export async function openKerasFile(bytes: Uint8Array, options: FileOptions): Promise<KerasFile> {
  const type = fileType(bytes);
  if (type === 'zip') return openArchive(bytes, options);
  if (type === 'hdf5') return openLegacyFile(bytes, options);
  throw new InputError(
    `Expected ${options.file} to be a Keras file, .keras (a zip) or .h5 (HDF5); ` +
      `it begins with ${firstBytes(bytes)}`,
  );
}

/** A bundle has the HDF5 reader in a chunk of its own, which is loaded with the first file. */
const loadHdf5Reader = () => import('../hdf5/open-hdf5.js');

async function openArchive(bytes: Uint8Array, { file, maxBytes }: FileOptions): Promise<KerasFile> {
  const { openHdf5 } = await loadHdf5Reader();
  const archive = unpackKerasArchive(bytes, { file, maxBytes });
  const config = parseConfig(new TextDecoder().decode(archive['config.json']), `config.json of ${file}`);
  const root = openHdf5(archive['model.weights.h5'], `model.weights.h5 of ${file}`);
  const weights = archiveWeights(splitBackslashNames(root, file), file);
  return { config, weights, majorVersion: archiveVersion(archive['metadata.json'], file), warnings: [] };
}

/** Keras 2.12 and later write .keras files too. */
function archiveVersion(metadata: Uint8Array | undefined, file: string): number {
  if (!metadata) return 3;
  const json = parseJson(new TextDecoder().decode(metadata), { name: `metadata.json of ${file}` });
  return parseInt(String((Object(json) as Record<string, unknown>).keras_version)) || 3;
}

async function openLegacyFile(bytes: Uint8Array, { file }: FileOptions): Promise<KerasFile> {
  const { openHdf5 } = await loadHdf5Reader();
  const root = openHdf5(bytes, file);
  const [configText] = root.stringAttribute('model_config') ?? [];
  const weightsGroup = root.child('model_weights');
  if (configText === undefined || !weightsGroup)
    throw new InputError(
      `Expected ${file} to hold a model with its config, found ${root.keys().join(', ') || 'nothing'}: ` +
        'a file with weights only (save_weights) cannot be imported',
    );
  const [version = isKeras1Config(configText) ? '1' : '2'] = root.stringAttribute('keras_version') ?? [];
  const majorVersion = parseInt(version) || 2;
  const config = parseConfig(configText, `model_config of ${file}`);
  return {
    config: majorVersion === 1 ? upgradeKeras1(config) : config,
    weights: legacyWeights(weightsGroup, { file, majorVersion }),
    majorVersion,
    warnings: majorVersion === 1 ? [KERAS_1_WARNING] : [],
  };
}

const KERAS_1_WARNING =
  'Keras 1 does not write its backend into the file: its convolutions are taken to be those of TensorFlow, which Theano flips';

/** Python also writes NaN and Infinity, which JSON does not have. */
function parseConfig(text: string, name: string): unknown {
  try {
    return parseJson(text, { name });
  } catch (error) {
    const withoutNaN = text.replace(/(?<=[:[,]\s*)-?(NaN|Infinity)(?=\s*[,\]}])/g, 'null');
    if (isInputError(error) && withoutNaN !== text) return parseConfig(withoutNaN, name);
    throw error;
  }
}
