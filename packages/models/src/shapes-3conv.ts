import * as tf from '@tensorflow/tfjs';
import { chain } from './chain.js';
import { initializerSeed } from './initializer-seed.js';
import { completeOptions, type ModelOptions } from './model-options.js';
import { seededDropout } from './seeded-dropout.js';

/**
 * A small network that learns the drawn shapes in a minute or two on a laptop: three 3x3 convolutions with 16, 32 and 64
 * filters, each with a ReLU of its own and max-pooling, then a dense layer of 64. No batch norm, whose moving statistics
 * would need more steps than so short a run has. 89,834 parameters.
 */
export function shapes3conv(options: ModelOptions = {}): tf.LayersModel {
  const { inputShape, classes, seed } = completeOptions(options, [32, 32, 3]);
  const { conv2d, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const kernelInitializer = (name: string) =>
    tf.initializers.heUniform({ seed: initializerSeed(seed, name) });

  const block = (number: number, filters: number) => {
    const name = `conv${number}`;
    return [
      conv2d({ name, filters, kernelSize: 3, padding: 'same', kernelInitializer: kernelInitializer(name) }),
      reLU({ name: `relu${number}` }),
      maxPooling2d({ name: `pool${number}`, poolSize: 2 }),
    ];
  };

  return chain('shapes-3conv', inputShape, [
    ...block(1, 16),
    ...block(2, 32),
    ...block(3, 64),
    flatten({ name: 'flatten' }),
    dense({ name: 'fc1', units: 64, kernelInitializer: kernelInitializer('fc1') }),
    reLU({ name: 'relu_fc1' }),
    seededDropout({ name: 'drop_fc1', rate: 0.25, seed }),
    dense({
      name: 'fc2',
      units: classes,
      activation: 'softmax',
      kernelInitializer: kernelInitializer('fc2'),
    }),
  ]);
}
