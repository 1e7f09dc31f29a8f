import * as tf from '@tensorflow/tfjs';
import { chain } from './chain.js';
import { initializerSeed } from './initializer-seed.js';
import { completeOptions, type ModelOptions } from './model-options.js';
import { seededDropout } from './seeded-dropout.js';

/**
 * The network of Keras's old example cifar10_cnn: two blocks of two 3x3 convolutions, the second of each without
 * padding, with 32 and 64 filters, each ended by max-pooling and dropout; then a dense layer of 512. 1,250,858
 * parameters. 79% on CIFAR-10 in 50 epochs with shifts and flips.
 */
export function kerasCifar10(options: ModelOptions = {}): tf.LayersModel {
  const complete = completeOptions(options, [32, 32, 3]);
  return chain('keras-cifar10', complete.inputShape, fourConvolutions(complete));
}

/** Its layers, which svhn-4conv has too. */
export function fourConvolutions({ classes, seed }: Required<ModelOptions>): tf.layers.Layer[] {
  const { conv2d, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const weighted = (name: string) => ({
    name,
    kernelInitializer: tf.initializers.glorotUniform({ seed: initializerSeed(seed, name) }),
  });
  const convolution = (
    number: number,
    { filters, padding }: { filters: number; padding: 'same' | 'valid' },
  ) => [
    conv2d({ ...weighted(`conv${number}`), filters, kernelSize: 3, padding }),
    reLU({ name: `relu${number}` }),
  ];
  const block = (number: number, filters: number) => [
    ...convolution(2 * number - 1, { filters, padding: 'same' }),
    ...convolution(2 * number, { filters, padding: 'valid' }),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
    seededDropout({ name: `drop${number}`, rate: 0.25, seed }),
  ];

  return [
    ...block(1, 32),
    ...block(2, 64),
    flatten({ name: 'flatten' }),
    dense({ ...weighted('fc1'), units: 512 }),
    reLU({ name: 'relu_fc1' }),
    seededDropout({ name: 'drop_fc1', rate: 0.5, seed }),
    dense({ ...weighted('fc2'), units: classes, activation: 'softmax' }),
  ];
}
