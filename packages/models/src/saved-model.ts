import { InputError, UNIT_RANGE, type Preprocessing } from '@convlens/core';
import type { BlobReader, BlobStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { completeBatchNorms } from './complete-batch-norms.js';
import { expectKnownLayers, registerLayers, type LayerClass } from './layer-classes.js';

/** What must travel with a model so that it is fed and read rightly. */
export interface ModelMetadata {
  preprocessing: Preprocessing;
  classNames: readonly string[];
}

export interface LoadedModel extends Partial<ModelMetadata> {
  /** The caller disposes it. */
  model: tf.LayersModel;
  preprocessing: Preprocessing;
}

export interface LoadModelOptions {
  /** Layer classes of the caller's own, each with a static `className`; they stay known to TensorFlow.js. Default none. */
  customLayers?: readonly LayerClass[];
}

const TOPOLOGY = 'model.json';
const WEIGHTS = 'weights.bin';

/**
 * Writes a model in the TensorFlow.js layers format, which plain tf.loadLayersModel reads. The weights go first, so that
 * where model.json is there they are too.
 */
export async function saveModel(
  model: tf.LayersModel,
  store: BlobStore,
  { preprocessing, classNames }: ModelMetadata,
): Promise<void> {
  const artifacts = await new Promise<tf.io.ModelArtifacts>((resolve, reject) => {
    const handler = tf.io.withSaveHandler(async (whole) => {
      resolve(whole);
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    });
    model.save(handler).catch(reject);
  });
  const { weightSpecs, weightData, ...rest } = artifacts;
  const weights = new Uint8Array(weightData as ArrayBuffer);
  const json = {
    ...rest,
    userDefinedMetadata: { ...rest.userDefinedMetadata, convlens: { preprocessing, classNames } },
    weightsManifest: [{ paths: [WEIGHTS], weights: weightSpecs }],
  };
  await store.write(WEIGHTS, weights);
  await store.write(TOPOLOGY, new TextEncoder().encode(JSON.stringify(json)));
}

/**
 * Reads a model in the TensorFlow.js layers format, ours or another's. Without metadata of ours the preprocessing is
 * UNIT_RANGE and there are no class names. Throws an InputError if there is no model, if its weights are not whole, and
 * if the class of a layer is unknown.
 */
export async function loadModel(
  store: BlobReader,
  { customLayers = [] }: LoadModelOptions = {},
): Promise<LoadedModel> {
  registerLayers(customLayers);
  const json = await readTopology(store);
  expectKnownLayers(json.modelTopology, `${store.location}/${TOPOLOGY}`);
  const groups: tf.io.WeightsManifestConfig = json.weightsManifest ?? [];
  const weightSpecs = groups.flatMap(({ weights }) => weights);
  const expected = weightSpecs.reduce((sum, spec) => sum + byteLength(spec), 0);
  const parts = [];
  for (const path of groups.flatMap(({ paths }) => paths)) {
    const part = await store.read(path);
    if (!part) throw new InputError(`Expected ${path} beside ${TOPOLOGY} in ${store.location}, found none`);
    parts.push(part);
  }
  const weightData = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((offset, part) => (weightData.set(part, offset), offset + part.length), 0);
  if (weightData.length !== expected)
    throw new InputError(
      `Expected ${expected} bytes of weights in ${store.location}, got ${weightData.length}: not the weights of this ${TOPOLOGY}`,
    );
  const { modelTopology, userDefinedMetadata } = json;
  const artifacts = { modelTopology, weightSpecs, weightData: weightData.buffer };
  const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts)).catch((error: Error) => {
    throw new InputError(
      `Expected ${store.location}/${TOPOLOGY} to describe a layers model: ${error.message}`,
    );
  });
  completeBatchNorms(model);
  const metadata = userDefinedMetadata?.convlens as ModelMetadata | undefined;
  return { model, preprocessing: metadata?.preprocessing ?? UNIT_RANGE, classNames: metadata?.classNames };
}

async function readTopology(store: BlobReader) {
  const bytes = await store.read(TOPOLOGY);
  if (!bytes)
    throw new InputError(`Expected ${TOPOLOGY} in ${store.location}, found none: not a saved model`);
  let json;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new InputError(`Expected ${store.location}/${TOPOLOGY} to be JSON: ${(error as Error).message}`);
  }
  if (!json?.modelTopology)
    throw new InputError(
      `Expected ${store.location}/${TOPOLOGY} to hold a layers model, found no modelTopology`,
    );
  return json;
}

/** Quantized weights take the bytes of their quantized type. */
function byteLength({ shape, dtype, quantization }: tf.io.WeightsManifestEntry): number {
  const bytes = { uint8: 1, uint16: 2, float16: 2, bool: 1, float32: 4, int32: 4, complex64: 8 };
  const type = (quantization?.dtype ?? dtype) as keyof typeof bytes;
  return shape.reduce((product, size) => product * size, bytes[type] ?? NaN);
}
