import { InputError, isInputError, parseJson } from '@convlens/core';
import { describeFile, fileType, firstBytes } from '@convlens/formats';
import { splitBackslashNames } from '../hdf5/backslash-names.js';
import { archiveWeights } from '../weights/archive-weights.js';
import { unpackKerasArchive } from './keras-archive.js';
import { isKeras1Config, upgradeKeras1 } from '../keras-1/upgrade-keras-1.js';
import { legacyWeights } from '../weights/legacy-weights.js';
import type { WeightTree } from '../weights/weight-tree.js';
import type { Hdf5Object } from '../hdf5/open-hdf5.js';
import { weightsOnly } from '../weights/weights-only.js';
import { isObject } from './json.js';

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
  /** The config of the model, for a file that has weights only. */
  readonly architecture?: unknown;
}

/** Opens a .keras or .h5 file, which are told apart by their first bytes. */
export async function openKerasFile(bytes: Uint8Array, options: FileOptions): Promise<KerasFile> {
  const type = fileType(bytes);
  if (type === 'zip') return openArchive(bytes, options);
  if (type === 'hdf5') return openLegacyFile(bytes, options);
  throw new InputError(
    `Expected ${options.file} to be a Keras file, .keras (a zip) or .h5 (HDF5); ` +
      `it begins with ${firstBytes(bytes)}${otherKind(bytes)}`,
  );
}

/** What to do with files that are taken for models of Keras. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /PyTorch|safetensors/,
    'it has weights only, which readStateDict reads (--architecture on the command line)',
  ],
  [/image/, 'a model is expected here; images are given with --image'],
  [/JSON/, 'an architecture has no weights: save the model as .keras'],
  [/failed download|Git LFS|empty/, 'download it again'],
  [/./, 'save the model as .keras'],
];

/** ", a WebP image: ..." for a file of a kind that is known; else "". */
function otherKind(bytes: Uint8Array): string {
  const kind = describeFile(bytes);
  if (kind.startsWith('a file that begins')) return '';
  return `, ${kind}: ${REMEDIES.find(([pattern]) => pattern.test(kind))![1]}`;
}

/** A bundle has the HDF5 reader in a chunk of its own, which is loaded with the first file. */
const loadHdf5Reader = () => import('../hdf5/open-hdf5.js');

async function openArchive(
  bytes: Uint8Array,
  { file, maxBytes, architecture }: FileOptions,
): Promise<KerasFile> {
  expectNoArchitecture(architecture, file);
  const { openHdf5 } = await loadHdf5Reader();
  const archive = unpackKerasArchive(bytes, { file, maxBytes });
  const config = parseConfig(new TextDecoder().decode(archive['config.json']), `config.json of ${file}`);
  const root = openHdf5(archive['model.weights.h5'], `model.weights.h5 of ${file}`);
  const weights = archiveWeights(splitBackslashNames(root, file), { file });
  return { config, weights, majorVersion: archiveVersion(archive['metadata.json'], file), warnings: [] };
}

/** Keras 2.12 and later write .keras files too. */
function archiveVersion(metadata: Uint8Array | undefined, file: string): number {
  if (!metadata) return 3;
  const json = parseJson(new TextDecoder().decode(metadata), { name: `metadata.json of ${file}` });
  return parseInt(String((Object(json) as Record<string, unknown>).keras_version)) || 3;
}

async function openLegacyFile(bytes: Uint8Array, { file, architecture }: FileOptions): Promise<KerasFile> {
  const { openHdf5 } = await loadHdf5Reader();
  const root = openHdf5(bytes, file);
  const [configText] = root.stringAttribute('model_config') ?? [];
  const weightsGroup = root.child('model_weights');
  if (configText === undefined || !weightsGroup) {
    if (architecture === undefined) throw missingArchitecture(root, file);
    const described = describeModel(architecture, `the architecture of ${file}`);
    return { ...described, weights: weightsOnly(root, { file, majorVersion: described.majorVersion }) };
  }
  expectNoArchitecture(architecture, file);
  const [version] = root.stringAttribute('keras_version') ?? [];
  const described = describeModel(configText, `model_config of ${file}`, version);
  return {
    ...described,
    weights: legacyWeights(weightsGroup, { file, majorVersion: described.majorVersion }),
  };
}

/** The weights of a file that has weights only. */
export async function openWeightsFile(
  bytes: Uint8Array,
  { file, majorVersion }: { file: string; majorVersion: number },
): Promise<WeightTree> {
  const { openHdf5 } = await loadHdf5Reader();
  if (fileType(bytes) !== 'hdf5')
    throw new InputError(
      `Expected ${file} to be an HDF5 file with weights of Keras; it begins with ${firstBytes(bytes)}`,
    );
  return weightsOnly(openHdf5(bytes, file), { file, majorVersion });
}

function expectNoArchitecture(architecture: unknown, file: string): void {
  if (architecture !== undefined)
    throw new InputError(`Expected no architecture for ${file}, which holds that of its model`);
}

const missingArchitecture = (root: Hdf5Object, file: string) =>
  new InputError(
    `Expected ${file} to hold a model with its architecture, found weights only (${root.keys().join(', ') || 'nothing'}): ` +
      'pass the architecture too (the option architecture, or --architecture model.json)',
  );

/** The model that a config of Keras describes, as text or parsed: that of a file, or the output of `model.to_json()`. */
export function describeModel(
  description: unknown,
  name: string,
  version?: string,
): Omit<KerasFile, 'weights'> {
  const text = typeof description === 'string' ? description : JSON.stringify(description);
  const json = typeof description === 'string' ? parseConfig(description, name) : description;
  const topology = isObject(json) && isObject(json.modelTopology) ? json.modelTopology : json;
  const config = isObject(topology) && isObject(topology.model_config) ? topology.model_config : topology;
  const declared = [version, topology, config]
    .map((value) => (isObject(value) ? value.keras_version : value))
    .find((value) => typeof value === 'string');
  const majorVersion = parseInt(String(declared)) || guessVersion(text);
  return {
    config: majorVersion === 1 ? upgradeKeras1(config) : config,
    majorVersion,
    warnings: majorVersion === 1 ? [KERAS_1_WARNING] : [],
  };
}

/** Keras 1 does not always write its version, and Keras 3 does not write it into the output of `to_json`. */
function guessVersion(text: string): number {
  if (isKeras1Config(text)) return 1;
  return text.includes('"batch_shape":') ? 3 : 2;
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
