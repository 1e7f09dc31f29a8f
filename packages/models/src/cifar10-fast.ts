import { expectInteger } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { chain } from './chain.js';
import { initializerSeed } from './initializer-seed.js';
import { completeOptions, type ModelOptions } from './model-options.js';

export interface Cifar10FastOptions extends ModelOptions {
  /** The filters of the three blocks, each >= 1. Default [64, 256, 256]. */
  widths?: [number, number, number];
  /**
   * Whether 3x3 kernels begin as identities as far as they go (dirac): filter i passes channel i on, those beyond are
   * drawn. Default true.
   */
  identity?: boolean;
}

/**
 * The network of airbench94 (Jordan, 94% on CIFAR-10 in 3.29 Seconds on a Single GPU, 2024; after Page, 2018), with ReLU
 * in place of GELU: a 2x2 convolution that is made to be whitened (`whitenFirstConvolution`), three blocks of two 3x3
 * convolutions with batch norm without a scale, 64, 256 and 256 filters, a max-pooling behind the first of each; then
 * max-pooling of 3, a dense layer without a bias, and a ninth of its scores. 1,972,792 parameters.
 */
export function cifar10Fast({
  widths = [64, 256, 256],
  identity = true,
  ...options
}: Cifar10FastOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = completeOptions(options, [32, 32, 3]);
  widths.forEach((width, i) => expectInteger(`widths[${i}]`, width, { min: 1 }));
  const { conv2d, batchNormalization, reLU, maxPooling2d, flatten, dense, rescaling, softmax } = tf.layers;
  // PyTorch's default: uniform within 1 / sqrt(inputs of a filter).
  const drawn = (name: string) =>
    tf.initializers.varianceScaling({
      scale: 1 / 3,
      mode: 'fanIn',
      distribution: 'uniform',
      seed: initializerSeed(seed, name),
    });
  const weighted = (name: string) => ({ name, useBias: false, kernelInitializer: drawn(name) });
  const normalized = (id: string) => [
    batchNormalization({ name: `bn${id}`, scale: false, momentum: 0.9, epsilon: 1e-5 }),
    reLU({ name: `relu${id}` }),
  ];
  const convolution = (id: string, filters: number) =>
    conv2d({ ...weighted(`conv${id}`), filters, kernelSize: 3, padding: 'same' });
  const block = (number: number, filters: number) => [
    convolution(`${number}_1`, filters),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
    ...normalized(`${number}_1`),
    convolution(`${number}_2`, filters),
    ...normalized(`${number}_2`),
  ];
  // Of each of the components of a patch one filter, and one of its negative.
  const filters = 2 * (2 * 2 * inputShape[2]);
  const model = chain('cifar10-fast', inputShape, [
    conv2d({ ...weighted('conv0'), filters, kernelSize: 2 }),
    reLU({ name: 'relu0' }),
    ...widths.flatMap((width, i) => block(i + 1, width)),
    maxPooling2d({ name: 'pool4', poolSize: 3 }),
    flatten({ name: 'flatten' }),
    dense({ ...weighted('fc1'), units: classes }),
    rescaling({ name: 'scores', scale: 1 / 9, offset: 0 }),
    softmax({ name: 'softmax' }),
  ]);
  if (identity) for (const layer of model.layers) if (/^conv[1-9]/.test(layer.name)) beginAsIdentity(layer);
  return model;
}

/** Sets the first filters of a 3x3 convolution to pass one channel each; the others stay as drawn. */
function beginAsIdentity(layer: tf.layers.Layer): void {
  tf.tidy(() => {
    const [kernel] = layer.getWeights();
    const [height, width, channels, filters] = kernel.shape as [number, number, number, number];
    const values = kernel.dataSync<'float32'>().slice();
    const centre = ((height >> 1) * width + (width >> 1)) * channels;
    for (let at = 0; at < height * width * channels; at++)
      for (let filter = 0; filter < Math.min(channels, filters); filter++)
        values[at * filters + filter] = at === centre + filter ? 1 : 0;
    layer.setWeights([tf.tensor(values, kernel.shape)]);
  });
}
