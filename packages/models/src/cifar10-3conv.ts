import * as tf from '@tensorflow/tfjs';
import { chain } from './chain.js';
import { initializerSeed } from './initializer-seed.js';
import { completeOptions, type ModelOptions } from './model-options.js';
import { seededDropout } from './seeded-dropout.js';

/**
 * Three 3x3 convolutions with 32, 64 and 128 filters, each with a ReLU of its own and max-pooling, then a dense layer of
 * 256. It puts out logits, not probabilities: its loss is computed from logits. 620,362 parameters. Its initial weights
 * are drawn as PyTorch draws them, uniform within 1 / sqrt(inputs of a unit), the biases too.
 */
export function cifar103conv(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = completeOptions(options, [32, 32, 3]);
  const { conv2d, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const weighted = (name: string, fanIn: number) => {
    const [maxval, minval] = [1 / Math.sqrt(fanIn), -1 / Math.sqrt(fanIn)];
    const uniform = (weight: string) =>
      tf.initializers.randomUniform({ minval, maxval, seed: initializerSeed(seed, `${name}/${weight}`) });
    return { name, kernelInitializer: uniform('kernel'), biasInitializer: uniform('bias') };
  };
  const [height, width, channels] = inputShape;
  const block = (number: number, { inputs, filters }: { inputs: number; filters: number }) => [
    conv2d({ ...weighted(`conv${number}`, 9 * inputs), filters, kernelSize: 3, padding: 'same' }),
    reLU({ name: `relu${number}` }),
    maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
  ];

  return chain('cifar10-3conv', inputShape, [
    ...block(1, { inputs: channels, filters: 32 }),
    ...block(2, { inputs: 32, filters: 64 }),
    ...block(3, { inputs: 64, filters: 128 }),
    flatten({ name: 'flatten' }),
    seededDropout({ name: 'dropout', rate: 0.25, seed }),
    dense({ ...weighted('fc1', Math.floor(height / 8) * Math.floor(width / 8) * 128), units: 256 }),
    reLU({ name: 'relu_fc1' }),
    dense({ ...weighted('fc2', 256), units: classes }),
  ]);
}
