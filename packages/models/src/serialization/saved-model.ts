import {
  expectOptions,
  freezeAsDescribed,
  InputError,
  UNIT_RANGE,
  type OptionNames,
  type Preprocessing,
} from '@convlens/core';
import type { BlobReader, BlobStore } from '@convlens/storage';
import type * as tf from '@tensorflow/tfjs';
import { completeBatchNorms } from '../layers/complete-batch-norms.js';
import {
  expectRegisteredLayers,
  layerTopology,
  registerLayerClasses,
  unknownLayers,
  type LayerClass,
} from './layer-classes.js';
import { modelArtifacts, modelFromArtifacts, type ModelArtifacts } from './model-artifacts.js';

/**
 * The part of a model folder that TensorFlow.js does not store: how to make inputs and how to read outputs.
 */
export interface ModelMetadata {
  preprocessing: Preprocessing;
  classNames: readonly string[];
}

const MODEL_METADATA: OptionNames<ModelMetadata> = { preprocessing: true, classNames: true };

export interface LoadedModel extends Partial<ModelMetadata> {
  /** The caller disposes it. */
  model: tf.LayersModel;
  preprocessing: Preprocessing;
}

export interface LoadModelOptions {
  /**
   * The caller's layer classes, each with a static `className`; they stay registered with TensorFlow.js.
   * Default none.
   */
  customLayers?: readonly LayerClass[];
}

/** What model.json holds beside the format of TensorFlow.js. */
interface SavedMetadata extends ModelMetadata {
  /** Whether weights have the names of `namedWeights`. */
  readonly hasPathNames?: boolean;
}

const LOAD_MODEL_OPTIONS: OptionNames<LoadModelOptions> = { customLayers: true };

const TOPOLOGY_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

/**
 * Writes a model in the TensorFlow.js layers format, which plain tf.loadLayersModel reads, unless weights of
 * models inside the model have equal names: such a model only `loadModel` reads. The weights are written first:
 * if model.json exists, so do the weights.
 *
 * What is written can be read: a model that could not be loaded is refused. The classes of its layers that are
 * not registered with TensorFlow.js cannot be tried.
 *
 * @throws InputError if `metadata` has an unknown field, or if the model cannot be saved.
 */
export async function saveModel(
  model: tf.LayersModel,
  store: BlobStore,
  metadata: ModelMetadata,
): Promise<void> {
  expectOptions('saveModel', metadata, MODEL_METADATA);
  const { preprocessing, classNames } = metadata;
  const artifacts = await modelArtifacts(model);
  await expectLoadable(artifacts);
  const { modelTopology, weightSpecs, weightData, hasPathNames, rest } = artifacts;
  const convlens: SavedMetadata = { preprocessing, classNames, ...(hasPathNames && { hasPathNames }) };
  const json = {
    ...rest,
    modelTopology,
    userDefinedMetadata: { ...(rest as Partial<tf.io.ModelJSON>).userDefinedMetadata, convlens },
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weightSpecs }],
  };
  await store.write(WEIGHTS_FILE, new Uint8Array(weightData));
  await store.write(TOPOLOGY_FILE, new TextEncoder().encode(JSON.stringify(json)));
}

async function expectLoadable(artifacts: ModelArtifacts): Promise<void> {
  const { modelTopology } = artifacts;
  if (unknownLayers(modelTopology).length > 0) return;
  try {
    (await modelFromArtifacts(artifacts)).dispose();
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new InputError(
      `Expected a model that TensorFlow.js can load again, got one whose loading fails: ${reason}` +
        ' (a layer class of your own needs a complete getConfig)',
    );
  }
}

/**
 * Reads a model in the TensorFlow.js layers format. Without metadata of `saveModel` the preprocessing is
 * UNIT_RANGE and classNames is undefined.
 *
 * @throws InputError if there is no model, its weights are incomplete, or the class of a layer is unknown.
 */
export async function loadModel(store: BlobReader, options: LoadModelOptions = {}): Promise<LoadedModel> {
  expectOptions('loadModel', options, LOAD_MODEL_OPTIONS);
  registerLayerClasses(options.customLayers ?? []);
  const { modelTopology, weightsManifest = [], userDefinedMetadata } = await readTopology(store);
  expectRegisteredLayers(modelTopology, `${store.location}/${TOPOLOGY_FILE}`);
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const weightData = await readWeights(store, weightsManifest);
  const metadata = userDefinedMetadata?.convlens as SavedMetadata | undefined;
  const { hasPathNames = false } = metadata ?? {};
  const artifacts = { modelTopology, weightSpecs, weightData, hasPathNames };
  const model = await modelFromArtifacts(artifacts).catch((error: Error) => {
    throw new InputError(
      `Expected ${store.location}/${TOPOLOGY_FILE} to describe a layers model: ${error.message}`,
    );
  });
  completeBatchNorms(model);
  freezeAsDescribed(model, layerTopology(modelTopology));
  return { model, preprocessing: metadata?.preprocessing ?? UNIT_RANGE, classNames: metadata?.classNames };
}

async function readTopology(store: BlobReader): Promise<tf.io.ModelJSON> {
  const bytes = await store.read(TOPOLOGY_FILE);
  if (!bytes)
    throw new InputError(`Expected ${TOPOLOGY_FILE} in ${store.location}, found none: not a saved model`);
  let json;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new InputError(
      `Expected ${store.location}/${TOPOLOGY_FILE} to be JSON: ${(error as Error).message}`,
    );
  }
  if (!json?.modelTopology)
    throw new InputError(
      `Expected ${store.location}/${TOPOLOGY_FILE} to hold a layers model, found no modelTopology`,
    );
  return json;
}

/** The bytes of all weight files in their order. */
async function readWeights(
  store: BlobReader,
  weightsManifest: tf.io.WeightsManifestConfig,
): Promise<ArrayBuffer> {
  const files: Uint8Array[] = [];
  for (const path of weightsManifest.flatMap(({ paths }) => paths)) {
    const bytes = await store.read(path);
    if (!bytes)
      throw new InputError(`Expected ${path} beside ${TOPOLOGY_FILE} in ${store.location}, found none`);
    files.push(bytes);
  }
  const weights = new Uint8Array(files.reduce((sum, { length }) => sum + length, 0));
  files.reduce((offset, bytes) => (weights.set(bytes, offset), offset + bytes.length), 0);
  const specs = weightsManifest.flatMap((group) => group.weights);
  const expected = specs.reduce((sum, spec) => sum + byteLength(spec), 0);
  if (weights.length !== expected)
    throw new InputError(
      `Expected ${expected} bytes of weights in ${store.location}, got ${weights.length}:` +
        ` not the weights of this ${TOPOLOGY_FILE}`,
    );
  return weights.buffer;
}

/** Quantized weights have the size of their quantized type. */
function byteLength({ shape, dtype, quantization }: tf.io.WeightsManifestEntry): number {
  const bytes = { uint8: 1, uint16: 2, float16: 2, bool: 1, float32: 4, int32: 4, complex64: 8 };
  const type = (quantization?.dtype ?? dtype) as keyof typeof bytes;
  return shape.reduce((product, size) => product * size, bytes[type] ?? NaN);
}
