import type * as tf from '@tensorflow/tfjs';
import type { CustomLayers } from './build-layer.js';
import type { LayerEntry } from './layer-entry.js';
import type { ImportContext } from './layer-options.js';

/** What the building of all models of a file shares. */
export interface BuildContext extends ImportContext {
  readonly customLayers: CustomLayers;
  /** Collects the created layers, so that their weights can be disposed if the import fails. */
  readonly createdLayers: tf.layers.Layer[];
}

/**
 * Applies a layer to tensors. The layer is created at its first call, because it may depend on the input
 * shape.
 */
export type ApplyLayer = (entry: LayerEntry, inputs: tf.SymbolicTensor[]) => tf.SymbolicTensor[];

/** The most levels of nested models. */
export const MAX_DEPTH = 32;

const FUNCTIONAL_CLASSES = ['Functional', 'Model'];

/** Whether a Keras class is a model. */
export const isModelClass = (className: string): boolean =>
  className === 'Sequential' || FUNCTIONAL_CLASSES.includes(className);
