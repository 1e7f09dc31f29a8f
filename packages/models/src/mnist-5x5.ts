import * as tf from '@tensorflow/tfjs';
import { chain } from './chain.js';
import { initializerSeed } from './initializer-seed.js';
import { completeOptions, type ModelOptions } from './model-options.js';

/**
 * Two 5x5 convolutions without padding, 64 and 32 filters, each with ReLU and max-pooling, and the output right after:
 * few layers with large kernels, so that what a filter looks for can be seen. 58,026 parameters. 98% on MNIST in 3 epochs.
 */
export function mnist5x5(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = completeOptions(options, [28, 28, 1]);
  const { conv2d, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const weighted = (name: string) => ({
    name,
    kernelInitializer: tf.initializers.glorotUniform({ seed: initializerSeed(seed, name) }),
  });
  const block = (number: number, filters: number) => [
    conv2d({ ...weighted(`conv${number}`), filters, kernelSize: 5 }),
    reLU({ name: `relu${number}` }),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
  ];

  return chain('mnist-5x5', inputShape, [
    ...block(1, 64),
    ...block(2, 32),
    flatten({ name: 'flatten' }),
    dense({ ...weighted('fc1'), units: classes, activation: 'softmax' }),
  ]);
}
