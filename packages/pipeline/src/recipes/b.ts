import type { Recipe } from './recipe.js';

export const b: Recipe = {
  about:
    'the layer-by-layer notebook on CIFAR-10: its authors reached 66.2% on the validation images in 3 epochs',
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
