import * as tf from '@tensorflow/tfjs';
import { chain } from './chain.js';
import { initializerSeed } from './initializer-seed.js';
import { completeOptions, type ModelOptions } from './model-options.js';
import { seededDropout } from './seeded-dropout.js';

/**
 * Two 5x5 convolutions with 32 and 64 filters, each with ReLU and max-pooling, then dense layers of 1024 and 512.
 * 4,778,954 parameters. Here the dropout stands between fc2 and preds. The TensorFlow 1 network that it is the twin of
 * wired its output past the dropout, straight to fc2, and so was trained without any.
 */
export function cifar107layer(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = completeOptions(options, [32, 32, 3]);
  const { conv2d, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const weighted = (name: string) => ({
    name,
    kernelInitializer: tf.initializers.glorotUniform({ seed: initializerSeed(seed, name) }),
  });
  const block = (number: number, filters: number) => [
    conv2d({ ...weighted(`conv${number}`), filters, kernelSize: 5, padding: 'same' }),
    reLU({ name: `relu${number}` }),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
  ];

  return chain('cifar10-7layer', inputShape, [
    ...block(1, 32),
    ...block(2, 64),
    flatten({ name: 'flatten' }),
    dense({ ...weighted('fc1'), units: 1024 }),
    reLU({ name: 'relu_fc1' }),
    dense({ ...weighted('fc2'), units: 512 }),
    reLU({ name: 'relu_fc2' }),
    seededDropout({ name: 'dropout', rate: 0.5, seed }),
    dense({ ...weighted('preds'), units: classes, activation: 'softmax' }),
  ]);
}
