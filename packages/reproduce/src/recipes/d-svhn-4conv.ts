import type { Recipe } from '@convlens/pipeline';

export const recipeDSvhn4Conv: Recipe = {
  id: 'D-svhn-4conv',
  title: 'project D, four convolutions on SVHN: 90.5% reported test accuracy after 20 epochs',
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
