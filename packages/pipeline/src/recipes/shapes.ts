import type { Recipe } from './recipe.js';

export const shapes: Recipe = {
  id: 'shapes',
  title: 'a small model on the generated shapes: needs no download and trains in half a minute',
  settings: {
    data: 'shapes',
    model: 'shapes-3conv',
    epochs: 12,
    batchSize: 32,
    optimizer: 'adam',
    learningRate: 1e-3,
    augment: 'flip,shift=0.1',
    validation: 'first:0.1',
    plateau: { factor: 0.5, patience: 3 },
    patience: 10,
    seed: 1,
  },
};
