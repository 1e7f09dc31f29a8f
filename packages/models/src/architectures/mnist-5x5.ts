import * as tf from '@tensorflow/tfjs';
import { glorotLayer } from '../layers/initializer-seed.js';
import { resolveModelOptions, type Architecture, type ModelOptions } from './model-options.js';
import { sequentialModel } from './sequential-model.js';

export const MNIST_5X5 = {
  id: 'mnist-5x5',
  inputShape: [28, 28, 1],
  classes: 10,
  build: mnist5x5,
} as const satisfies Architecture;

/**
 * Two 5x5 convolutions without padding, 64 and 32 filters, each with ReLU and max-pooling, then the output
 * layer: few layers with large kernels, so that the kernels can be inspected. 58,026 parameters. 98% on MNIST
 * in 3 epochs.
 */
export function mnist5x5(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = resolveModelOptions(options, MNIST_5X5);
  const { conv2d, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const initialized = glorotLayer(seed);
  const block = (number: number, filters: number) => [
    conv2d({ ...initialized(`conv${number}`), filters, kernelSize: 5 }),
    reLU({ name: `relu${number}` }),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
  ];

  return sequentialModel(MNIST_5X5.id, inputShape, [
    ...block(1, 64),
    ...block(2, 32),
    flatten({ name: 'flatten' }),
    dense({ ...initialized('fc1'), units: classes, activation: 'softmax' }),
  ]);
}
