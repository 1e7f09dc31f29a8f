import { parseAugment } from '@convlens/augment';
import { expectInteger, expectNumber, expectOneOf, InputError } from '@convlens/core';
import { parseSplit } from '@convlens/image-set';
import { optimizerNames } from '@convlens/training';
import { datasetNames, type DatasetName } from './datasets.js';

/** Everything that decides what a run becomes: plain data, kept in run.json. */
export interface RunSettings {
  readonly data: DatasetName;
  /** Only the first so many training images. Default: all. */
  readonly limit?: number;
  /** An architecture's name, or whatever the caller calls a model of its own. */
  readonly model: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: (typeof optimizerNames)[number];
  readonly learningRate: number;
  /** Augmentation of the training images, such as "flip,shift=0.1"; "" for none. */
  readonly augment: string;
  /** Which training images are held out for validation, such as "first:0.1". */
  readonly validation: string;
  /** Cut the rate when the validation loss no longer falls; null: never. */
  readonly plateau: { readonly factor: number; readonly patience: number } | null;
  /** Stop when it has not fallen for so many epochs; null: never. */
  readonly patience: number | null;
  /** Of the initial weights, the order of images, augmentation and dropout. */
  readonly seed: number;
}

/** Every recipe that a run can start from; each setting can still be replaced. */
export const recipes = {
  /** The embedded run: a small network on drawn shapes, half a minute. */
  shapes: {
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
  /** The six-convolution report on CIFAR-10: 84.98% on the test images in 50 epochs. */
  A: {
    data: 'cifar10',
    model: 'cifar10-bn-6conv',
    epochs: 50,
    batchSize: 64,
    optimizer: 'adam',
    learningRate: 1e-3,
    augment: 'flip,shift=0.1,rotate=15,zoom=0.1',
    validation: 'first:0.1',
    plateau: { factor: 0.5, patience: 5 },
    patience: 10,
    seed: 1,
  },
} as const satisfies Record<string, RunSettings>;

/** What a run has where neither a recipe nor the caller says anything. */
export const defaultSettings: Omit<RunSettings, 'data' | 'model'> = {
  epochs: 10,
  batchSize: 64,
  optimizer: 'adam',
  learningRate: 1e-3,
  augment: '',
  validation: 'first:0.1',
  plateau: { factor: 0.5, patience: 5 },
  patience: 10,
  seed: 1,
};

/** Returns the settings if each is usable; else throws an InputError that names the setting, its range and its value. */
export function expectSettings(settings: RunSettings): RunSettings {
  expectOneOf('data', settings.data, datasetNames);
  if (settings.limit !== undefined) expectInteger('limit', settings.limit, { min: 1, max: 1e6 });
  expectInteger('epochs', settings.epochs, { min: 1 });
  expectInteger('batchSize', settings.batchSize, { min: 1 });
  expectInteger('seed', settings.seed, { min: -(2 ** 53), max: 2 ** 53 });
  expectOneOf('optimizer', settings.optimizer, optimizerNames);
  expectNumber('learningRate', settings.learningRate, { min: Number.MIN_VALUE });
  if (settings.plateau) {
    expectNumber('plateau.factor', settings.plateau.factor, { min: 0, max: 1 });
    expectInteger('plateau.patience', settings.plateau.patience);
  }
  if (settings.patience !== null) expectInteger('patience', settings.patience);
  parseAugment(settings.augment);
  parseSplit(settings.validation);
  return settings;
}

/** The settings of a recipe by its name. */
export function recipeOf(name: string): RunSettings {
  if (!Object.hasOwn(recipes, name))
    throw new InputError(
      `Expected a recipe's name, one of ${Object.keys(recipes).join(', ')}, got ${JSON.stringify(name)}`,
    );
  return recipes[name as keyof typeof recipes];
}
