import type { Recipe } from './recipe.js';

/** In PyTorch, from logits, on pixels in [-1, 1]. Overfits on purpose: the validation loss rises after the sixth epoch. */
export const c: Recipe = {
  about:
    'the three-convolution report on CIFAR-10 (PyTorch): its authors reached 74.29% on the test images in 20 epochs',
  settings: {
    data: 'cifar10',
    model: 'cifar10-3conv',
    epochs: 20,
    batchSize: 20,
    optimizer: 'adam',
    learningRate: 1e-3,
    preprocessing: 'centred',
    augment: '',
    validation: 'last:0.2',
    plateau: null,
    patience: null,
    seed: 1,
  },
};
