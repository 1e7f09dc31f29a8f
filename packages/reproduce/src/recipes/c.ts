import type { Recipe } from '@convlens/pipeline';

/** The model ends in logits. It overfits on purpose: the validation loss rises after the sixth epoch. */
export const recipeC: Recipe = {
  id: 'C',
  title: 'project C, three convolutions on CIFAR-10 (PyTorch): 74.29% reported test accuracy after 20 epochs',
  settings: {
    data: 'cifar10',
    model: 'cifar10-3conv',
    epochs: 20,
    batchSize: 20,
    optimizer: 'adam',
    learningRate: 1e-3,
    preprocessing: 'centered',
    augment: '',
    validation: 'last:0.2',
    plateau: null,
    patience: null,
    seed: 1,
  },
};
