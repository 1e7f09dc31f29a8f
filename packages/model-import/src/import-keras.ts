import { IDENTITY, InputError, type Preprocessing } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { buildModel } from './build-model.js';
import { openKerasFile } from './keras-file.js';
import { entryOf } from './layer-config.js';
import { registerKerasLayers } from './register.js';

/** A class of layers, such as `class Scale extends tf.layers.Layer { static className = 'Scale' }`. */
export interface LayerClass {
  readonly className: string;
  new (config: never): tf.layers.Layer;
}

export interface ImportKerasOptions {
  /** Layer classes of the caller's own, found by their static `className`. Default none. */
  customLayers?: readonly LayerClass[];
  /** What messages call the file; default "the file". */
  name?: string;
  /** The most bytes that a part of a .keras file may unpack to; default four times the file, at least 64 MiB. */
  maxBytes?: number;
}

export interface ImportedModel {
  /** The caller disposes it. */
  model: tf.LayersModel;
  /** What is not as it was in Keras: one sentence each, such as of layers that act in training only. */
  notes: readonly string[];
  /** Known only where the model begins by scaling pixels itself; then it reads them as they are. */
  preprocessing?: Preprocessing;
}

/**
 * Opens a model that Keras saved: .keras (Keras 3), or .h5 with its config (Keras 2, tf.keras, and Keras 3's legacy
 * writer), Sequential or Functional, models within it included. Layers keep their names. Throws an InputError that says
 * what and where if the file is damaged, if a layer cannot be built, and if the weights are not those of the layers.
 */
export async function importKeras(
  bytes: Uint8Array,
  { customLayers = [], name: file = 'the file', maxBytes }: ImportKerasOptions = {},
): Promise<ImportedModel> {
  if (!(bytes instanceof Uint8Array))
    throw new InputError(
      `Expected bytes to be a Uint8Array, got ${(bytes as object)?.constructor?.name ?? typeof bytes}`,
    );
  registerKerasLayers();
  for (const one of customLayers) tf.serialization.registerClass(one as never);
  const own = new Map(customLayers.map((one) => [one.className, one as never]));
  const { config, weights, majorVersion } = await openKerasFile(bytes, { file, maxBytes });
  const notes: string[] = [];
  const made: tf.layers.Layer[] = [];
  try {
    const context = { file, majorVersion, notes, customLayers: own, made };
    const model = buildModel(entryOf(config, file), { weights, context });
    const within = layersWithin(model);
    disposeWeights(made.filter((layer) => !within.has(layer)));
    return { model, notes, preprocessing: readsPixels(model) ? IDENTITY : undefined };
  } catch (error) {
    disposeWeights(made);
    throw error;
  }
}

const disposeWeights = (layers: readonly tf.layers.Layer[]) =>
  layers.forEach((layer) => tf.dispose(layer.weights.map((weight) => weight.read())));

/** The layers that lead to a model's outputs, those of models within it included. */
function layersWithin(model: tf.LayersModel, found = new Set<tf.layers.Layer>()): Set<tf.layers.Layer> {
  for (const layer of model.layers) {
    found.add(layer);
    if (layer instanceof tf.LayersModel) layersWithin(layer, found);
  }
  return found;
}

/** Whether the layers that read the only input bring pixels of 0..255 to what networks compute with. */
function readsPixels({ inputs, layers }: tf.LayersModel): boolean {
  const reads = (layer: tf.layers.Layer) =>
    layer.inboundNodes.some(
      (node) => node.inputTensors.includes(inputs[0]) && node.outputTensors[0] !== inputs[0],
    );
  const readers = layers.filter(reads);
  return inputs.length === 1 && readers.length > 0 && readers.every(scalesPixels);
}

/** Pixels become numbers of this span at the most, where 0..1 as input would become next to nothing. */
const WIDEST = 32;

/** Whether a layer scales down so far, or takes off so much, that it is not meant for an input of 0..1 or -1..1. */
function scalesPixels(layer: tf.layers.Layer): boolean {
  const options = layer.getConfig() as Record<string, never>;
  const largest = (values: ArrayLike<number>) =>
    Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (layer.getClassName() === 'Rescaling') {
    const [scale, offset] = [[options.scale].flat(), [options.offset].flat()].map(largest);
    return 255 * scale <= WIDEST || offset > 2 * scale;
  }
  if (layer.getClassName() !== 'Normalization' || options.invert) return false;
  const [mean, variance] = options.mean
    ? [options.mean, options.variance]
    : layer.getWeights().map((weight) => weight.dataSync());
  const spread = Math.sqrt(largest(variance));
  return spread >= 255 / WIDEST || largest(mean) > 2;
}
