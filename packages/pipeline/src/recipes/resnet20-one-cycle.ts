import type { Recipe } from './recipe.js';

/**
 * Residual blocks (He et al., 2015), the one-cycle policy (Smith, 2018), label smoothing (Szegedy et al.,
 * 2016), flips, padded crops and Cutout (DeVries and Taylor, 2017).
 */
export const resnet20OneCycle: Recipe = {
  id: 'resnet20-one-cycle',
  title:
    'our own, for CIFAR-10 in 30 epochs: residual blocks, one-cycle, label smoothing, padded crops, Cutout',
  settings: {
    data: 'cifar10',
    model: 'resnet20',
    epochs: 30,
    batchSize: 128,
    optimizer: 'nesterov',
    learningRate: 0.2,
    schedule: 'one-cycle:rise=0.25',
    labelSmoothing: 0.1,
    preprocessing: 'standardized',
    augment: 'flip,crop=4,cutout=8',
    validation: 'first:0.1',
    plateau: null,
    patience: null,
    seed: 1,
  },
};
