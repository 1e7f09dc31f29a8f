import * as tf from '@tensorflow/tfjs';
import type { FilterBank } from '@convlens/core';

/** A kernel for each filter, with the filters along the last axis. */
type ReadKernels = (weights: readonly tf.Tensor[]) => tf.Tensor;

const first: ReadKernels = ([kernel]) => kernel.clone();

/** The kernel of a convolution that computes the same: the depthwise kernels, weighted by the pointwise ones. */
const separable: ReadKernels = ([depthwise, pointwise]) => {
  const [height, width, channels, multiplier] = depthwise.shape;
  const filters = pointwise.shape.at(-1)!;
  const planes = tf.reshape(depthwise, [height, width, channels, multiplier, 1]);
  const weights = tf.reshape(pointwise, [1, 1, channels, multiplier, filters]);
  return tf.sum(tf.mul(planes, weights), 3);
};

/** A transposed convolution has its filters on the third axis. */
const transposed: ReadKernels = ([kernel]) => tf.transpose(kernel, [0, 1, 3, 2]);

const READERS: Readonly<Record<string, ReadKernels>> = {
  Conv2D: first,
  Conv2DTranspose: transposed,
  Dense: first,
  DepthwiseConv2D: first,
  SeparableConv2D: separable,
};

/** Whether a layer has a kernel for each filter. */
export const hasFilterKernels = (layer: tf.layers.Layer) => Object.hasOwn(READERS, layer.getClassName());

/** The kernels of the filters of a layer, as they are now. */
export async function filterKernels(layer: tf.layers.Layer): Promise<Pick<FilterBank, 'values' | 'filters'>> {
  const kernels = tf.tidy(() => READERS[layer.getClassName()](layer.getWeights()));
  const values = Float32Array.from(await kernels.data());
  const isDepthwise = layer.getClassName() === 'DepthwiseConv2D';
  // The filters of a depthwise convolution are its two last axes.
  const filters = kernels.shape.slice(isDepthwise ? -2 : -1).reduce((product, size) => product * size, 1);
  kernels.dispose();
  return { values, filters };
}
