import type { Recipe } from './recipe.js';

export const dSvhn4conv: Recipe = {
  about: 'feature visualization, four convolutions on house numbers: 90.5% on the test images in 20 epochs',
  settings: {
    data: 'svhn',
    model: 'svhn-4conv',
    epochs: 20,
    batchSize: 128,
    optimizer: 'nesterov',
    learningRate: 0.01,
    schedule: 'inverse-time:decay=1e-6',
    augment: '',
    validation: 'last:0.1',
    plateau: null,
    patience: null,
    seed: 1,
  },
};
