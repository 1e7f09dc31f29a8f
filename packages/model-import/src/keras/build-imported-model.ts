import { IDENTITY, ownLayers, type Preprocessing } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import type { CustomLayers } from './build-layer.js';
import { buildModel } from './build-model.js';
import { parseLayerEntry } from './layer-entry.js';
import type { KerasFile } from './open-keras-file.js';
import { registerKerasLayers } from './register-keras-layers.js';
import { scalesPixels } from '../pixels/scales-pixels.js';

/** A class of layers, such as `class Scale extends tf.layers.Layer { static className = 'Scale' }`. */
export interface LayerClass {
  readonly className: string;
  new (config: never): tf.layers.Layer;
}

export interface ImportedModel {
  /** The caller disposes it. */
  readonly model: tf.LayersModel;
  /** Differences to the Keras model, a sentence each, such as layers that only act in training. */
  readonly warnings: readonly string[];
  /** The identity if the model scales pixels (0..255) itself; undefined if the preprocessing is unknown. */
  readonly preprocessing?: Preprocessing;
}

/** A model with what is known of its inputs. */
export const describeImported = (model: tf.LayersModel, warnings: readonly string[]): ImportedModel => ({
  model,
  warnings,
  preprocessing: scalesPixels(model) ? IDENTITY : undefined,
});

/** Builds the model of a Keras file with its weights. No tensor is left if it throws. */
export function buildImportedModel(
  { config, weights, majorVersion, ...opened }: KerasFile,
  { customLayers, file }: { customLayers: readonly LayerClass[]; file: string },
): ImportedModel {
  registerKerasLayers();
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
    return describeImported(model, warnings);
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
