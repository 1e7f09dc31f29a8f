import { expectInteger, type OptionNames } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { initializerSeed } from '../layers/initializer-seed.js';
import { resolveModelOptions, type Architecture, type ModelOptions } from './model-options.js';
import { sequentialModel } from './sequential-model.js';

export interface Cifar10FastOptions extends ModelOptions {
  /** The numbers of filters of the three blocks, each >= 1. Default [64, 256, 256]. */
  widths?: [number, number, number];
  /**
   * Whether the 3x3 kernels are initialized as identities (Dirac): filter i passes channel i on; filters
   * beyond the number of channels are random. Default true.
   */
  diracInit?: boolean;
}

const OWN_OPTIONS: OptionNames<Omit<Cifar10FastOptions, keyof ModelOptions>> = {
  widths: true,
  diracInit: true,
};

export const CIFAR10_FAST = {
  id: 'cifar10-fast',
  inputShape: [32, 32, 3],
  classes: 10,
  options: OWN_OPTIONS,
  build: cifar10Fast,
} as const satisfies Architecture;

/**
 * The network of airbench94 (Jordan, 94% on CIFAR-10 in 3.29 Seconds on a Single GPU, 2024; after Page,
 * 2018), with ReLU in place of GELU: a 2x2 convolution to be whitened (`whitenFirstConvolution`), three
 * blocks of two 3x3 convolutions with batch norm without a scale, 64, 256 and 256 filters, with max-pooling
 * after the first convolution of each block; then max-pooling of 3, a dense layer without a bias, and its
 * outputs divided by 9. 1,973,920 parameters.
 */
export function cifar10Fast(options: Cifar10FastOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = resolveModelOptions(options, CIFAR10_FAST);
  const { widths = [64, 256, 256], diracInit = true } = options;
  widths.forEach((width, i) => expectInteger(`widths[${i}]`, width, { min: 1 }));
  const { conv2d, batchNormalization, reLU, maxPooling2d, flatten, dense, rescaling, softmax } = tf.layers;
  // PyTorch's default: uniform within 1 / sqrt(inputs of a filter).
  const kernelInitializer = (name: string) =>
    tf.initializers.varianceScaling({
      scale: 1 / 3,
      mode: 'fanIn',
      distribution: 'uniform',
      seed: initializerSeed(seed, name),
    });
  const initialized = (name: string) => ({
    name,
    useBias: false,
    kernelInitializer: kernelInitializer(name),
  });
  const normalized = (id: string) => [
    batchNormalization({ name: `bn${id}`, scale: false, momentum: 0.9, epsilon: 1e-5 }),
    reLU({ name: `relu${id}` }),
  ];
  const convolution = (id: string, filters: number) =>
    conv2d({ ...initialized(`conv${id}`), filters, kernelSize: 3, padding: 'same' });
  const block = (number: number, filters: number) => [
    convolution(`${number}_1`, filters),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
    ...normalized(`${number}_1`),
    convolution(`${number}_2`, filters),
    ...normalized(`${number}_2`),
  ];
  // For each principal component of a patch one filter, and one filter for its negative.
  const filters = 2 * (2 * 2 * inputShape[2]);
  const model = sequentialModel(CIFAR10_FAST.id, inputShape, [
    conv2d({ ...initialized('conv0'), filters, kernelSize: 2 }),
    reLU({ name: 'relu0' }),
    ...widths.flatMap((width, i) => block(i + 1, width)),
    maxPooling2d({ name: 'pool4', poolSize: 3 }),
    flatten({ name: 'flatten' }),
    dense({ ...initialized('fc1'), units: classes }),
    rescaling({ name: 'scores', scale: 1 / 9, offset: 0 }),
    softmax({ name: 'softmax' }),
  ]);
  if (diracInit) for (const layer of model.layers) if (/^conv[1-9]/.test(layer.name)) initializeDirac(layer);
  return model;
}

/** Sets the first filters of a 3x3 convolution to pass one channel on each; the others are unchanged. */
function initializeDirac(layer: tf.layers.Layer): void {
  tf.tidy(() => {
    const [kernel] = layer.getWeights();
    const [height, width, channels, filters] = kernel.shape as [number, number, number, number];
    const values = kernel.dataSync<'float32'>().slice();
    const center = ((height >> 1) * width + (width >> 1)) * channels;
    for (let input = 0; input < height * width * channels; input++)
      for (let filter = 0; filter < Math.min(channels, filters); filter++)
        values[input * filters + filter] = input === center + filter ? 1 : 0;
    layer.setWeights([tf.tensor(values, kernel.shape)]);
  });
}
