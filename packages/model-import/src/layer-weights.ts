import * as tf from '@tensorflow/tfjs';
import type { LayerWeights } from './weights.js';

type AddWeight = (
  name: string,
  shape: number[],
  dtype: unknown,
  initializer: object,
  ...rest: unknown[]
) => tf.LayerVariable;

/**
 * Applies a layer to placeholders. Where that builds it, each weight that it adds begins as the one in the file: no
 * other weights are ever made, so that a config which lies about a size is found out before memory is taken for it.
 */
export function applyWithWeights(
  layer: tf.layers.Layer,
  inputs: readonly tf.SymbolicTensor[],
  weights: LayerWeights | undefined,
): tf.SymbolicTensor[] {
  const open = layer as unknown as { addWeight?: AddWeight };
  const add = open.addWeight!;
  if (weights)
    open.addWeight = (name, shape, _dtype, _initializer, ...rest) => {
      const values = weights.take(name, shape);
      return add.call(layer, name, shape, 'float32', { apply: () => tf.tensor(values, shape) }, ...rest);
    };
  try {
    const outputs = layer.apply(inputs.length === 1 ? inputs[0] : [...inputs]);
    weights?.finish();
    return (Array.isArray(outputs) ? outputs : [outputs]) as tf.SymbolicTensor[];
  } finally {
    // The instance's own goes, that of its class is seen again.
    if (weights) delete open.addWeight;
  }
}
