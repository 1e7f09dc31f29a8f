import * as tf from '@tensorflow/tfjs';
import { internals } from './layer-kinds.js';
import { maxPoolFirst } from './max-pool.js';

/**
 * A convolution whose gradient is taken with respect to its input only. The layer's own call uses a fused kernel, whose
 * gradient always computes the filter's gradient too: half of the work, and missing in the wasm backend.
 */
function convolve(layer: tf.layers.Layer, x: tf.Tensor4D): tf.Tensor {
  const { kernel, bias, strides, dilationRate, padding, activation } = internals(layer);
  const y = tf.conv2d(
    x,
    kernel!.read() as tf.Tensor4D,
    strides as [number, number],
    padding as 'valid' | 'same',
    'NHWC',
    dilationRate as [number, number],
  );
  return activation!.apply(bias ? tf.add(y, bias.read()) : y);
}

function maxPool(layer: tf.layers.Layer, x: tf.Tensor4D): tf.Tensor {
  const { poolSize, strides, padding } = internals(layer);
  return maxPoolFirst(x, {
    size: poolSize as [number, number],
    strides: strides as [number, number],
    padding: padding as 'valid' | 'same',
  });
}

const CALLS = {
  Conv2D: { call: convolve, make: () => tf.layers.conv2d({ name: 'stock', filters: 1, kernelSize: 1 }) },
  MaxPooling2D: { call: maxPool, make: () => tf.layers.maxPooling2d({ name: 'stock', poolSize: 1 }) },
};

/**
 * Calls a layer in a way whose gradient is better than that of its own call: the same value. Undefined for all other
 * layers, and for subclasses with a call of their own.
 */
export function callForGradient(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor | undefined {
  const known = CALLS[layer.getClassName() as keyof typeof CALLS];
  if (!known || x.rank !== 4 || layer.call !== known.make().call) return undefined;
  return known.call(layer, x as tf.Tensor4D);
}
