import type { Recipe } from './recipe.js';

/** The example of Keras. It names no validation images of its own (it measured on the test images): the first tenth is held out. */
export const dKerasCifar10: Recipe = {
  about: "feature visualization, Keras's CIFAR-10 example: 79% in 50 epochs of 1,000 steps",
  settings: {
    data: 'cifar10',
    model: 'keras-cifar10',
    epochs: 50,
    stepsPerEpoch: 1000,
    batchSize: 32,
    optimizer: 'rmsprop',
    learningRate: 1e-4,
    schedule: 'inverse-time:decay=1e-6',
    augment: 'flip,shift=0.1',
    validation: 'first:0.1',
    plateau: null,
    patience: null,
    seed: 1,
  },
};

/** After 50 epochs its losses still fall: four times as long. */
export const dKerasCifar10Long: Recipe = {
  about: "Keras's CIFAR-10 example for 200 epochs of 1,000 steps: 80.2% on the test images",
  settings: { ...dKerasCifar10.settings, epochs: 200 },
};
