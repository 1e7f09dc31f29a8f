import { generateShapes } from '@convlens/image-set/shapes';
import { initializerSeed, seededDropout, type ModelOptions } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { findRecipe } from '../../../src/recipes/recipes.js';
import type { RunDescription } from '../../../src/run/run-folder.js';

/** Small, but with everything that a wrong resume would change: a schedule, whitening, every update rule. */
export const description: RunDescription = {
  settings: {
    ...findRecipe('cifar10-fast').settings,
    data: 'shapes',
    model: 'test-model',
    epochs: 50,
    batchSize: 16,
    learningRate: 0.02,
    biasScale: 4,
  },
  backend: 'simd',
  versions: {},
};

export const images = generateShapes({ count: 40 });

/** A whitened convolution, batch norm and dropout. */
export function buildTestModel({ inputShape, classes, seed = 0 }: ModelOptions): tf.LayersModel {
  const { conv2d, batchNormalization, reLU, flatten, dense } = tf.layers;
  const seeded = (name: string) => ({
    name,
    kernelInitializer: tf.initializers.heUniform({ seed: initializerSeed(seed, name) }),
  });
  return tf.sequential({
    layers: [
      conv2d({ ...seeded('conv1'), inputShape, filters: 4, kernelSize: 3, strides: 4 }),
      batchNormalization({ name: 'bn1' }),
      reLU({ name: 'relu1' }),
      flatten(),
      seededDropout({ rate: 0.25, seed, name: 'drop' }),
      dense({ ...seeded('fc1'), units: classes!, activation: 'softmax' }),
    ],
  });
}
