import * as tf from '@tensorflow/tfjs';
import { glorotLayer } from '../layers/initializer-seed.js';
import { resolveModelOptions, type Architecture, type ModelOptions } from './model-options.js';
import { sequentialModel } from './sequential-model.js';

export const MNIST_SMALL = {
  id: 'mnist-small',
  inputShape: [28, 28, 1],
  classes: 10,
  build: mnistSmall,
} as const satisfies Architecture;

/**
 * Two 3x3 convolutions without padding, 32 and 64 filters, each with ReLU and max-pooling, then a dense layer
 * of 64. 121,930 parameters. 97% on validation images of MNIST in 3 epochs.
 */
export function mnistSmall(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = resolveModelOptions(options, MNIST_SMALL);
  const { conv2d, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const initialized = glorotLayer(seed);
  const block = (number: number, filters: number) => [
    conv2d({ ...initialized(`conv${number}`), filters, kernelSize: 3 }),
    reLU({ name: `relu${number}` }),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
  ];

  return sequentialModel(MNIST_SMALL.id, inputShape, [
    ...block(1, 32),
    ...block(2, 64),
    flatten({ name: 'flatten' }),
    dense({ ...initialized('fc1'), units: 64 }),
    reLU({ name: 'relu_fc1' }),
    dense({ ...initialized('fc2'), units: classes, activation: 'softmax' }),
  ]);
}
