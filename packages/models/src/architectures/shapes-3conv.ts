import * as tf from '@tensorflow/tfjs';
import { initializerSeed } from '../layers/initializer-seed.js';
import { seededDropout } from '../layers/seeded-dropout.js';
import { resolveModelOptions, type Architecture, type ModelOptions } from './model-options.js';
import { sequentialModel } from './sequential-model.js';

export const SHAPES_3CONV = {
  id: 'shapes-3conv',
  inputShape: [32, 32, 3],
  classes: 10,
  build: shapes3conv,
} as const satisfies Architecture;

/**
 * A small model that learns the generated shapes in a minute or two on a laptop: three 3x3 convolutions with
 * 16, 32 and 64 filters, each with ReLU and max-pooling, then a dense layer of 64. It has no batch norm,
 * because moving averages need more steps than so short a run has. 89,834 parameters.
 */
export function shapes3conv(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = resolveModelOptions(options, SHAPES_3CONV);
  const { conv2d, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const initialized = (name: string) => ({
    name,
    kernelInitializer: tf.initializers.heUniform({ seed: initializerSeed(seed, name) }),
  });
  const block = (number: number, filters: number) => [
    conv2d({ ...initialized(`conv${number}`), filters, kernelSize: 3, padding: 'same' }),
    reLU({ name: `relu${number}` }),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
  ];

  return sequentialModel(SHAPES_3CONV.id, inputShape, [
    ...block(1, 16),
    ...block(2, 32),
    ...block(3, 64),
    flatten({ name: 'flatten' }),
    dense({ ...initialized('fc1'), units: 64 }),
    reLU({ name: 'relu_fc1' }),
    seededDropout({ name: 'drop_fc1', rate: 0.25, seed }),
    dense({ ...initialized('fc2'), units: classes, activation: 'softmax' }),
  ]);
}
