import type { Recipe } from '@convlens/pipeline';

/**
 * The project names neither the batch size nor the split: here they are the default of Keras, 32, and the
 * last tenth.
 */
export const recipeDMnist5x5: Recipe = {
  id: 'D-mnist-5x5',
  title: 'project D, 5 x 5 kernels on MNIST: 98% reported test accuracy after 3 epochs',
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
