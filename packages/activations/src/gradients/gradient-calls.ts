import * as tf from '@tensorflow/tfjs';
import { internals } from '../model/layer-kinds.js';
import { maxPoolFirst } from './max-pool.js';

/**
 * A convolution with a gradient with respect to its input only. The layer's own call uses a fused kernel
 * whose gradient always computes that of the filter too: this doubles the work, and the wasm backend does not
 * have it.
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
 * Batch normalization in inference mode: one factor and one offset per channel. The gradient of the
 * TensorFlow.js operation broadcasts the statistics to the size of the batch, and throws without gamma or beta.
 */
function normalize(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor | undefined {
  const { axis, epsilon, gamma, beta, movingMean, movingVariance } = internals(layer);
  // A converted model of Keras 2 has a list.
  const axes = [axis!].flat();
  if (axes.length !== 1 || (axes[0] !== -1 && axes[0] !== x.rank - 1)) return undefined;
  const inverseDeviation = tf.rsqrt(tf.add(movingVariance!.read(), epsilon!));
  const factor = gamma ? tf.mul(inverseDeviation, gamma.read()) : inverseDeviation;
  const scaledMean = tf.mul(movingMean!.read(), factor);
  return tf.add(tf.mul(x, factor), beta ? tf.sub(beta.read(), scaledMean) : tf.neg(scaledMean));
}

/** A dense layer with a gradient with respect to its input only. */
function multiply(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor | undefined {
  const { kernel, bias, activation } = internals(layer);
  if (x.rank !== 2) return undefined;
  const product = tf.matMul(x, kernel!.read() as tf.Tensor2D);
  const sum = bias ? tf.add(product, bias.read()) : product;
  return activation ? activation.apply(sum) : sum;
}

/** `createStock` makes a layer of the TensorFlow.js class, to recognize a subclass with its own call. */
const CALLS = {
  Conv2D: {
    call: convolve,
    createStock: () => tf.layers.conv2d({ name: 'stock', filters: 1, kernelSize: 1 }),
  },
  BatchNormalization: {
    call: normalize,
    createStock: () => tf.layers.batchNormalization({ name: 'stock' }),
  },
  Dense: { call: multiply, createStock: () => tf.layers.dense({ name: 'stock', units: 1 }) },
  MaxPooling2D: {
    call: maxPool,
    createStock: () => tf.layers.maxPooling2d({ name: 'stock', poolSize: 1 }),
  },
};

/**
 * Computes the output of a layer by operations with a cheaper gradient than its own call; the values are the
 * same. Undefined for other layers, and for subclasses with their own call.
 */
export function callForGradient(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor | undefined {
  const entry = CALLS[layer.getClassName() as keyof typeof CALLS];
  if (!entry || layer.call !== entry.createStock().call) return undefined;
  return entry.call(layer, x);
}
