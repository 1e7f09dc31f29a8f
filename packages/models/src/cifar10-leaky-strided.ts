import * as tf from '@tensorflow/tfjs';
import { chain } from './chain.js';
import { initializerSeed } from './initializer-seed.js';
import { completeOptions, type ModelOptions } from './model-options.js';
import { seededDropout } from './seeded-dropout.js';

/**
 * Four convolutions with batch norm and LeakyReLU (slope 0.3, as Keras has it) that halve the image by their stride
 * instead of pooling, then a dense layer of 128 (Foster, Generative Deep Learning, 2019, chapter 2). 592,554 parameters,
 * 591,914 of them trainable. Its logits are the output of dense2.
 */
export function cifar10LeakyStrided(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = completeOptions(options, [32, 32, 3]);
  const { conv2d, batchNormalization, leakyReLU, flatten, dense, softmax } = tf.layers;
  const weighted = (name: string) => ({
    name,
    kernelInitializer: tf.initializers.glorotUniform({ seed: initializerSeed(seed, name) }),
  });
  const activated = (number: number) => [
    batchNormalization({ name: `bn${number}` }),
    leakyReLU({ name: `leaky_relu${number}`, alpha: 0.3 }),
  ];
  const block = (number: number, { filters, strides }: { filters: number; strides: number }) => [
    conv2d({ ...weighted(`conv${number}`), filters, kernelSize: 3, strides, padding: 'same' }),
    ...activated(number),
  ];

  return chain('cifar10-leaky-strided', inputShape, [
    ...block(1, { filters: 32, strides: 1 }),
    ...block(2, { filters: 32, strides: 2 }),
    ...block(3, { filters: 64, strides: 1 }),
    ...block(4, { filters: 64, strides: 2 }),
    flatten({ name: 'flatten' }),
    dense({ ...weighted('dense1'), units: 128 }),
    ...activated(5),
    seededDropout({ name: 'dropout', rate: 0.5, seed }),
    dense({ ...weighted('dense2'), units: classes }),
    softmax({ name: 'softmax' }),
  ]);
}
