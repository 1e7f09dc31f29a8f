import { makeShapes } from '@convlens/image-set/shapes';
import { initializerSeed, seededDropout, type ModelOptions } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { recipes } from '../../src/recipes/index.js';
import type { RunDescription } from '../../src/run-folder.js';

/** Small, but with all that would show a run that goes on from anywhere else: a schedule, whitening, every update rule. */
export const description: RunDescription = {
  settings: {
    ...recipes['cifar10-fast'],
    data: 'shapes',
    model: 'network',
    epochs: 50,
    batchSize: 16,
    learningRate: 0.02,
    biasScale: 4,
  },
  backend: 'simd',
  versions: {},
};

export const images = makeShapes({ count: 40 });

/** A whitened convolution, batch norm and dropout. */
export function network({ inputShape, classes, seed = 0 }: ModelOptions): tf.LayersModel {
  const { conv2d, batchNormalization, reLU, flatten, dense } = tf.layers;
  const drawn = (name: string) => ({
    name,
    kernelInitializer: tf.initializers.heUniform({ seed: initializerSeed(seed, name) }),
  });
  return tf.sequential({
    layers: [
      conv2d({ ...drawn('conv1'), inputShape, filters: 4, kernelSize: 3, strides: 4 }),
      batchNormalization({ name: 'bn1' }),
      reLU({ name: 'relu1' }),
      flatten(),
      seededDropout({ rate: 0.25, seed, name: 'drop' }),
      dense({ ...drawn('fc1'), units: classes!, activation: 'softmax' }),
    ],
  });
}
