import type { Recipe } from './recipe.js';

/**
 * After airbench94 (Jordan, 94% on CIFAR-10 in 3.29 Seconds on a Single GPU, 2024), with a quarter of its
 * batch size and learning rate, ReLU for GELU, and without Lookahead. airbench94 sums the loss over a batch;
 * the learning rate and weight decay here are converted to the mean.
 */
export const cifar10Fast: Recipe = {
  id: 'cifar10-fast',
  title:
    'our own, for CIFAR-10 in 14 epochs: whitened first layer, one-cycle, weight decay, label smoothing, ' +
    'crops',
  settings: {
    data: 'cifar10',
    model: 'cifar10-fast',
    epochs: 14,
    batchSize: 256,
    optimizer: 'nesterov',
    momentum: 0.85,
    learningRate: 0.375,
    schedule: 'one-cycle:rise=0.23:start=0.2:end=0.01',
    weightDecay: 0.009,
    biasScale: 64,
    labelSmoothing: 0.2,
    whiten: true,
    preprocessing: 'standardized',
    augment: 'flip:alternating=true,crop=2:fill=reflect',
    validation: 'first:0.1',
    plateau: null,
    patience: null,
    seed: 1,
  },
};
