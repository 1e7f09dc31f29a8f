import type * as tf from '@tensorflow/tfjs';
import { activationAfter, nodeOfValue } from './find-layer.js';
import { kindOf } from '../graph-model/graph-node.js';
import { isConvolution } from './layer-kinds.js';
import { readGraph } from './model-graph.js';

/** A convolution, pooling or dense layer, and the layer whose output shows its result. */
export interface KeyLayer {
  readonly kind: 'convolution' | 'pooling' | 'dense';
  /** As in `layerNames`. */
  readonly name: string;
  /**
   * The activation (or the batch normalization) that directly follows the layer; the layer itself if none
   * does.
   */
  readonly output: string;
  readonly layer: tf.layers.Layer;
}

const keyKindOf = (layer: tf.layers.Layer): KeyLayer['kind'] | undefined => {
  if (isConvolution(layer)) return 'convolution';
  const kind = kindOf(layer);
  if (kind === 'Dense') return 'dense';
  return /Pooling2D$/.test(kind) ? 'pooling' : undefined;
};

/** The 2D convolutions, pooling and dense layers of a model, nested models included, in execution order. */
export function keyLayers(model: tf.LayersModel): KeyLayer[] {
  const graph = readGraph(model);
  return graph.nodes.flatMap((node) => {
    const { name, layer } = node;
    const kind = keyKindOf(layer);
    if (!kind) return [];
    const value = kind === 'pooling' ? node.outputs[0] : activationAfter(graph, node);
    return [{ kind, name, output: nodeOfValue(graph, value)!.name, layer }];
  });
}
