import * as tf from '@tensorflow/tfjs';
import { glorotLayer } from '../layers/initializer-seed.js';
import { seededDropout } from '../layers/seeded-dropout.js';
import { resolveModelOptions, type Architecture, type ModelOptions } from './model-options.js';
import { sequentialModel } from './sequential-model.js';

export const CIFAR10_7LAYER = {
  id: 'cifar10-7layer',
  inputShape: [32, 32, 3],
  classes: 10,
  build: cifar10SevenLayer,
} as const satisfies Architecture;

/**
 * Two 5x5 convolutions with 32 and 64 filters, each with ReLU and max-pooling, then dense layers of 1024 and
 * 512. 4,778,954 parameters. The dropout is between fc2 and preds. The TensorFlow 1 network that it copies
 * connected its output to fc2, past the dropout, and so was trained without dropout.
 */
export function cifar10SevenLayer(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = resolveModelOptions(options, CIFAR10_7LAYER);
  const { conv2d, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const initialized = glorotLayer(seed);
  const block = (number: number, filters: number) => [
    conv2d({ ...initialized(`conv${number}`), filters, kernelSize: 5, padding: 'same' }),
    reLU({ name: `relu${number}` }),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
  ];

  return sequentialModel(CIFAR10_7LAYER.id, inputShape, [
    ...block(1, 32),
    ...block(2, 64),
    flatten({ name: 'flatten' }),
    dense({ ...initialized('fc1'), units: 1024 }),
    reLU({ name: 'relu_fc1' }),
    dense({ ...initialized('fc2'), units: 512 }),
    reLU({ name: 'relu_fc2' }),
    seededDropout({ name: 'dropout', rate: 0.5, seed }),
    dense({ ...initialized('preds'), units: classes, activation: 'softmax' }),
  ]);
}
