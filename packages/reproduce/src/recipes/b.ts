import type { Recipe } from '@convlens/pipeline';

export const recipeB: Recipe = {
  id: 'B',
  title: 'project B, strided convolutions on CIFAR-10: 66.2% reported validation accuracy after 3 epochs',
  settings: {
    data: 'cifar10',
    model: 'cifar10-leaky-strided',
    epochs: 3,
    batchSize: 32,
    optimizer: 'adam',
    learningRate: 5e-4,
    augment: '',
    validation: 'last:0.1',
    plateau: null,
    patience: null,
    seed: 1,
  },
};
