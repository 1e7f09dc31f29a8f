import type { Recipe } from '@convlens/pipeline';

export const recipeA: Recipe = {
  id: 'A',
  title: 'project A, six convolutions on CIFAR-10: 84.98% reported test accuracy after 50 epochs',
  settings: {
    data: 'cifar10',
    model: 'cifar10-bn-6conv',
    epochs: 50,
    batchSize: 64,
    optimizer: 'adam',
    learningRate: 1e-3,
    augment: 'flip,shift=0.1,rotate=15,zoom=0.1',
    validation: 'first:0.1',
    plateau: { factor: 0.5, patience: 5 },
    patience: 10,
    seed: 1,
  },
};
