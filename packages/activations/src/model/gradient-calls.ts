import * as tf from '@tensorflow/tfjs';
import { internals } from './layer-kinds.js';
import { maxPoolFirst } from './max-pool.js';

/**
 * A convolution whose gradient is taken with respect to its input only. The layer's own call uses a fused kernel, whose
 * gradient always computes the filter's gradient too: half of the work, and missing in the wasm backend.
 */
function convolve(layer: tf.layers.Layer, input: tf.Tensor): tf.Tensor | undefined {
  if (input.rank !== 4) return undefined;
  const x = input as tf.Tensor4D;
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

function maxPool(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor | undefined {
  if (x.rank !== 4) return undefined;
  const { poolSize, strides, padding } = internals(layer);
  return maxPoolFirst(x as tf.Tensor4D, {
    size: poolSize as [number, number],
    strides: strides as [number, number],
    padding: padding as 'valid' | 'same',
  });
}

/**
 * Batch normalization as in inference: a factor and a shift a channel. The gradient of TensorFlow.js's own op repeats the
 * statistics to the size of the batch.
 */
function normalize(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor | undefined {
  const { axis, epsilon, gamma, beta, movingMean, movingVariance } = internals(layer);
  if (axis !== -1 && axis !== x.rank - 1) return undefined;
  const rate = tf.rsqrt(tf.add(movingVariance!.read(), epsilon!));
  const factor = gamma ? tf.mul(rate, gamma.read()) : rate;
  const back = tf.mul(movingMean!.read(), factor);
  return tf.add(tf.mul(x, factor), beta ? tf.sub(beta.read(), back) : tf.neg(back));
}

/** A dense layer whose gradient is taken with respect to its input only, as that of a convolution is. */
function multiply(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor | undefined {
  const { kernel, bias, activation } = internals(layer);
  if (x.rank !== 2) return undefined;
  const y = tf.matMul(x, kernel!.read() as tf.Tensor2D);
  const sum = bias ? tf.add(y, bias.read()) : y;
  return activation ? activation.apply(sum) : sum;
}

const CALLS = {
  Conv2D: { call: convolve, make: () => tf.layers.conv2d({ name: 'stock', filters: 1, kernelSize: 1 }) },
  BatchNormalization: { call: normalize, make: () => tf.layers.batchNormalization({ name: 'stock' }) },
  Dense: { call: multiply, make: () => tf.layers.dense({ name: 'stock', units: 1 }) },
  MaxPooling2D: { call: maxPool, make: () => tf.layers.maxPooling2d({ name: 'stock', poolSize: 1 }) },
};

/**
 * Calls a layer in a way whose gradient is better than that of its own call: the same value. Undefined for all other
 * layers, and for subclasses with a call of their own.
 */
export function callForGradient(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor | undefined {
  const known = CALLS[layer.getClassName() as keyof typeof CALLS];
  if (!known || layer.call !== known.make().call) return undefined;
  return known.call(layer, x);
}
