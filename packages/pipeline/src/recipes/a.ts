import type { Recipe } from './recipe.js';

export const a: Recipe = {
  about: 'the six-convolution report on CIFAR-10: its authors reached 84.98% on the test images in 50 epochs',
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
