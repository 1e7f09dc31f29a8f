import * as tf from '@tensorflow/tfjs';
import type { LayerWeights } from './weight-tree.js';

type AddWeight = (
  name: string,
  shape: number[],
  dtype: unknown,
  initializer: object,
  ...rest: unknown[]
) => tf.LayerVariable;

/**
 * Applies a layer to symbolic tensors. If this builds the layer, each weight is initialized with its values
 * from the file. No other weights are allocated, so a config with a wrong size is refused before it takes
 * memory.
 *
 * @param weights undefined if the layer is already built
 */
export function applyWithWeights(
  layer: tf.layers.Layer,
  inputs: readonly tf.SymbolicTensor[],
  weights: LayerWeights | undefined,
): tf.SymbolicTensor[] {
  const patchableLayer = layer as unknown as { addWeight?: AddWeight };
  const originalAddWeight = patchableLayer.addWeight!;
  if (weights)
    patchableLayer.addWeight = (name, shape, _dtype, _initializer, ...rest) => {
      const values = weights.take(name, shape);
      const initializer = { apply: () => tf.tensor(values, shape) };
      return originalAddWeight.call(layer, name, shape, 'float32', initializer, ...rest);
    };
  try {
    const outputs = layer.apply(inputs.length === 1 ? inputs[0] : [...inputs]);
    weights?.expectAllUsed();
    return (Array.isArray(outputs) ? outputs : [outputs]) as tf.SymbolicTensor[];
  } finally {
    // Uncovers the method of the class again.
    if (weights) delete patchableLayer.addWeight;
  }
}
