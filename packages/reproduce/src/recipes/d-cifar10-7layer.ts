import type { Recipe } from '@convlens/pipeline';

/** 20,000 steps in 20 epochs of 1,000, each validated on 100 images. */
export const recipeDCifar10SevenLayer: Recipe = {
  id: 'D-cifar10-7layer',
  title: 'project D, seven layers on CIFAR-10: about 63% reported validation accuracy after 20,000 steps',
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
