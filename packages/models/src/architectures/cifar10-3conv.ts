import * as tf from '@tensorflow/tfjs';
import { initializerSeed } from '../layers/initializer-seed.js';
import { seededDropout } from '../layers/seeded-dropout.js';
import { resolveModelOptions, type Architecture, type ModelOptions } from './model-options.js';
import { sequentialModel } from './sequential-model.js';

export const CIFAR10_3CONV = {
  id: 'cifar10-3conv',
  inputShape: [32, 32, 3],
  classes: 10,
  build: cifar10ThreeConv,
} as const satisfies Architecture;

/**
 * Three 3x3 convolutions with 32, 64 and 128 filters, each with ReLU and max-pooling, then a dense layer of
 * 256. The model outputs logits, not probabilities: its loss is computed from logits. 620,362 parameters.
 * Weights and biases are initialized as in PyTorch, uniform within 1 / sqrt(inputs of a unit).
 */
export function cifar10ThreeConv(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = resolveModelOptions(options, CIFAR10_3CONV);
  const { conv2d, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const initialized = (name: string, fanIn: number) => {
    const [maxval, minval] = [1 / Math.sqrt(fanIn), -1 / Math.sqrt(fanIn)];
    const uniform = (weight: string) =>
      tf.initializers.randomUniform({ minval, maxval, seed: initializerSeed(seed, `${name}/${weight}`) });
    return { name, kernelInitializer: uniform('kernel'), biasInitializer: uniform('bias') };
  };
  const [height, width, channels] = inputShape;
  const block = (number: number, { inputs, filters }: { inputs: number; filters: number }) => [
    conv2d({ ...initialized(`conv${number}`, 9 * inputs), filters, kernelSize: 3, padding: 'same' }),
    reLU({ name: `relu${number}` }),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
  ];

  return sequentialModel(CIFAR10_3CONV.id, inputShape, [
    ...block(1, { inputs: channels, filters: 32 }),
    ...block(2, { inputs: 32, filters: 64 }),
    ...block(3, { inputs: 64, filters: 128 }),
    flatten({ name: 'flatten' }),
    seededDropout({ name: 'dropout', rate: 0.25, seed }),
    dense({ ...initialized('fc1', Math.floor(height / 8) * Math.floor(width / 8) * 128), units: 256 }),
    reLU({ name: 'relu_fc1' }),
    dense({ ...initialized('fc2', 256), units: classes }),
  ]);
}
