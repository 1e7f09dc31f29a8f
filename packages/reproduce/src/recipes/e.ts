import type { Recipe } from '@convlens/pipeline';

export const recipeE: Recipe = {
  id: 'E',
  title: 'project E, two convolutions on MNIST: 97% reported validation accuracy after 3 epochs',
  settings: {
    data: 'mnist',
    model: 'mnist-small',
    epochs: 3,
    batchSize: 64,
    optimizer: 'adam',
    learningRate: 1e-3,
    augment: '',
    validation: 'last:0.1',
    plateau: null,
    patience: null,
    seed: 1,
  },
};
