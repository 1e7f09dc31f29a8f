import type { Recipe } from './recipe.js';

/** The source names neither a batch size nor a split: Keras's 32, and the last tenth. */
export const dMnist5x5: Recipe = {
  about: 'feature visualization, large kernels on MNIST: 98% in 3 epochs',
  settings: {
    data: 'mnist',
    model: 'mnist-5x5',
    epochs: 3,
    batchSize: 32,
    optimizer: 'adam',
    learningRate: 1e-3,
    augment: '',
    validation: 'last:0.1',
    plateau: null,
    patience: null,
    seed: 1,
  },
};
