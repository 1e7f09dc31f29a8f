import type * as tf from '@tensorflow/tfjs';

/**
 * Whether a layer is a node of a graph model (`importGraphModel` of @convlens/model-import), whose class is "tf." and the
 * operation.
 */
export const isGraphNode = (layer: tf.layers.Layer) => layer.getClassName().startsWith('tf.');

/** The class of a layer; of a node of a graph model the class of the layer that computes the same. */
export const kindOf = (layer: tf.layers.Layer): string =>
  isGraphNode(layer) ? (layer.getConfig() as { kind: string }).kind : layer.getClassName();
