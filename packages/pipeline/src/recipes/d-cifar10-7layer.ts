import type { Recipe } from './recipe.js';

/** 20,000 steps in twenty epochs of 1,000, each measured on 100 images. */
export const dCifar107layer: Recipe = {
  about:
    'feature visualization, seven layers on CIFAR-10: about 63% after 20,000 steps, validated on 100 images every 1,000',
  settings: {
    data: 'cifar10',
    model: 'cifar10-7layer',
    epochs: 20,
    stepsPerEpoch: 1000,
    batchSize: 100,
    optimizer: 'adam',
    learningRate: 1e-4,
    augment: '',
    validation: 'first:100',
    plateau: null,
    patience: null,
    seed: 1,
  },
};
