import * as tf from '@tensorflow/tfjs';
import { chain } from './chain.js';
import { initializerSeed } from './initializer-seed.js';
import { completeOptions, type ModelOptions } from './model-options.js';

/**
 * Two 3x3 convolutions without padding, 32 and 64 filters, each with ReLU and max-pooling, then a dense layer of 64.
 * 121,930 parameters. 97% on validation images of MNIST in 3 epochs.
 */
export function mnistSmall(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = completeOptions(options, [28, 28, 1]);
  const { conv2d, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const weighted = (name: string) => ({
    name,
    kernelInitializer: tf.initializers.glorotUniform({ seed: initializerSeed(seed, name) }),
  });
  const block = (number: number, filters: number) => [
    conv2d({ ...weighted(`conv${number}`), filters, kernelSize: 3 }),
    reLU({ name: `relu${number}` }),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
  ];

  return chain('mnist-small', inputShape, [
    ...block(1, 32),
    ...block(2, 64),
    flatten({ name: 'flatten' }),
    dense({ ...weighted('fc1'), units: 64 }),
    reLU({ name: 'relu_fc1' }),
    dense({ ...weighted('fc2'), units: classes, activation: 'softmax' }),
  ]);
}
