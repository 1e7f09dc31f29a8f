import {
  expectOptions,
  IDENTITY,
  InputError,
  ownLayers,
  type OptionNames,
  type Preprocessing,
} from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import type { CustomLayers } from './build-layer.js';
import { buildModel } from './build-model.js';
import { parseLayerEntry } from './layer-entry.js';
import { openKerasFile } from './open-keras-file.js';
import { registerKerasLayers } from './register-keras-layers.js';
import { scalesPixels } from './scales-pixels.js';

/** A class of layers, such as `class Scale extends tf.layers.Layer { static className = 'Scale' }`. */
export interface LayerClass {
  readonly className: string;
  new (config: never): tf.layers.Layer;
}

export interface ImportKerasOptions {
  /** Layer classes of the caller, found by their static `className`; default none. They stay registered. */
  readonly customLayers?: readonly LayerClass[];
  /** The name of the file in messages; default "the file". */
  readonly fileName?: string;
  /**
   * The most bytes that an entry of a .keras file may unpack to; default four times the size of the file, at
   * least 64 MiB.
   */
  readonly maxBytes?: number;
}

const IMPORT_KERAS_OPTIONS: OptionNames<ImportKerasOptions> = {
  customLayers: true,
  fileName: true,
  maxBytes: true,
};

export interface ImportedModel {
  /** The caller disposes it. */
  readonly model: tf.LayersModel;
  /** Differences to the Keras model, a sentence each, such as layers that only act in training. */
  readonly warnings: readonly string[];
  /** The identity if the model scales pixels (0..255) itself; undefined if the preprocessing is unknown. */
  readonly preprocessing?: Preprocessing;
}

/**
 * Imports a Sequential or Functional model that Keras saved, with its nested models: a .keras file of Keras
 * 3, or an .h5 file with a config (Keras 2, tf.keras and the legacy writer of Keras 3). Layers keep their
 * names.
 *
 * @throws InputError if the file is damaged, a layer is not supported, or the weights do not fit the layers.
 */
export async function importKeras(
  bytes: Uint8Array,
  options: ImportKerasOptions = {},
): Promise<ImportedModel> {
  expectOptions('importKeras', options, IMPORT_KERAS_OPTIONS);
  const { customLayers = [], fileName: file = 'the file', maxBytes } = options;
  if (!(bytes instanceof Uint8Array))
    throw new InputError(
      `Expected bytes to be a Uint8Array, got ${(bytes as object)?.constructor?.name ?? typeof bytes}`,
    );
  registerKerasLayers();
  const { config, weights, majorVersion, ...opened } = await openKerasFile(bytes, { file, maxBytes });
  const warnings = [...opened.warnings];
  const createdLayers: tf.layers.Layer[] = [];
  try {
    const context = {
      file,
      majorVersion,
      warnings,
      customLayers: registerCustomLayers(customLayers),
      createdLayers,
    };
    const model = buildModel(parseLayerEntry(config, file), { weights, context });
    const connectedLayers = collectLayers(model);
    disposeWeights(createdLayers.filter((layer) => !connectedLayers.has(layer)));
    ownLayers(model);
    return { model, warnings, preprocessing: scalesPixels(model) ? IDENTITY : undefined };
  } catch (error) {
    disposeWeights(createdLayers);
    throw error;
  }
}

function registerCustomLayers(customLayers: readonly LayerClass[]): CustomLayers {
  for (const layerClass of customLayers) tf.serialization.registerClass(layerClass as never);
  return new Map(customLayers.map((layerClass) => [layerClass.className, layerClass as never]));
}

const disposeWeights = (layers: readonly tf.layers.Layer[]) =>
  layers.forEach((layer) => tf.dispose(layer.weights.map((weight) => weight.read())));

/**
 * All layers of a model and of its nested models. TensorFlow.js drops layers that do not lead to an output.
 */
function collectLayers(model: tf.LayersModel): Set<tf.layers.Layer> {
  const layers = model.layers.flatMap((layer) =>
    layer instanceof tf.LayersModel ? [layer, ...collectLayers(layer)] : [layer],
  );
  return new Set(layers);
}
