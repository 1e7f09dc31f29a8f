import * as tf from '@tensorflow/tfjs';
import { glorotLayer } from '../layers/initializer-seed.js';
import { seededDropout } from '../layers/seeded-dropout.js';
import { resolveModelOptions, type Architecture, type ModelOptions } from './model-options.js';
import { sequentialModel } from './sequential-model.js';

export const CIFAR10_LEAKY_STRIDED = {
  id: 'cifar10-leaky-strided',
  inputShape: [32, 32, 3],
  classes: 10,
  build: cifar10LeakyStrided,
} as const satisfies Architecture;

/**
 * Four convolutions with batch norm and LeakyReLU (slope 0.3, Keras's default), two of them with stride 2 in
 * place of pooling, then a dense layer of 128 (Foster, Generative Deep Learning, 2019, chapter 2). 592,554
 * parameters, 591,914 of them trainable. The logits are the output of dense2.
 */
export function cifar10LeakyStrided(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = resolveModelOptions(options, CIFAR10_LEAKY_STRIDED);
  const { conv2d, batchNormalization, leakyReLU, flatten, dense, softmax } = tf.layers;
  const initialized = glorotLayer(seed);
  const activated = (number: number) => [
    batchNormalization({ name: `bn${number}` }),
    leakyReLU({ name: `leaky_relu${number}`, alpha: 0.3 }),
  ];
  const block = (number: number, { filters, strides }: { filters: number; strides: number }) => [
    conv2d({ ...initialized(`conv${number}`), filters, kernelSize: 3, strides, padding: 'same' }),
    ...activated(number),
  ];

  return sequentialModel(CIFAR10_LEAKY_STRIDED.id, inputShape, [
    ...block(1, { filters: 32, strides: 1 }),
    ...block(2, { filters: 32, strides: 2 }),
    ...block(3, { filters: 64, strides: 1 }),
    ...block(4, { filters: 64, strides: 2 }),
    flatten({ name: 'flatten' }),
    dense({ ...initialized('dense1'), units: 128 }),
    ...activated(5),
    seededDropout({ name: 'dropout', rate: 0.5, seed }),
    dense({ ...initialized('dense2'), units: classes }),
    softmax({ name: 'softmax' }),
  ]);
}
