import { parseAugment } from '@convlens/augment';
import {
  expectBoolean,
  expectInteger,
  expectNumber,
  expectOneOf,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import { parseSplit } from '@convlens/image-set';
import type { Dataset } from '@convlens/image-set/files';
import { expectCompileOptions, type CompileOptions } from '@convlens/training';
import { DATASETS, expectDataset } from '../data/datasets.js';
import { PREPROCESSINGS, type PreprocessingName } from './preprocessings.js';
import { expectSchedule } from './schedule.js';

/** Everything that determines a run; the content of `settings` in run.json. */
export interface RunSettings {
  /** The id of a data set (`DATASETS`), or the path of a folder of images. */
  readonly data: string;
  /** Uses only the first training images, 1 to 1e6. Default: all. */
  readonly limit?: number;
  /** The name of an architecture, or the caller's name for its own model. */
  readonly model: string;
  /** >= 1. */
  readonly epochs: number;
  /**
   * Batches per epoch, >= 1; an epoch continues where the previous one ended. Default: one pass over the
   * images.
   */
  readonly stepsPerEpoch?: number;
  /** Images per batch, >= 1. */
  readonly batchSize: number;
  readonly optimizer: NonNullable<CompileOptions['optimizer']>;
  /** > 0. */
  readonly learningRate: number;
  /** Momentum of the optimizers momentum and nesterov, 0 to below 1. Default 0.9. */
  readonly momentum?: number;
  /** Decoupled weight decay of the kernels (AdamW), multiplied by the learning rate, >= 0. Default 0. */
  readonly weightDecay?: number;
  /** Learning-rate multiplier of the batch normalization offsets (beta). Default 1. */
  readonly biasScale?: number;
  /** Learning-rate schedule, such as "one-cycle" (`parseSchedule`). Default: a constant rate. */
  readonly schedule?: string;
  /** 0 to below 1, as in Keras. Default 0. */
  readonly labelSmoothing?: number;
  /** The loss weight of each class, by class index, >= 0. Default 1. */
  readonly classWeights?: Readonly<Record<number, number>>;
  /** Whitens patches of the training images with the first convolution, which is frozen. Default false. */
  readonly whiten?: boolean;
  /** Default 'unit': [0, 1]. */
  readonly preprocessing?: PreprocessingName;
  /** Augmentation of the training images, such as "flip,shift=0.1"; "" for none. */
  readonly augment: string;
  /** The training images that are held out for validation, such as "first:0.1". */
  readonly validation: string;
  /** Epochs per validation, 1 to `epochs`. Default 1. */
  readonly validateEvery?: number;
  /** ReduceLROnPlateau on the validation loss; null for none. */
  readonly plateau: { readonly factor: number; readonly patience: number } | null;
  /** EarlyStopping: the number of validations without improvement before training stops; null for none. */
  readonly patience: number | null;
  /** Determines the initial weights, the order of the images, the augmentation and dropout. */
  readonly seed: number;
}

const RUN_SETTINGS: OptionNames<RunSettings> = {
  data: true,
  limit: true,
  model: true,
  epochs: true,
  stepsPerEpoch: true,
  batchSize: true,
  optimizer: true,
  learningRate: true,
  momentum: true,
  weightDecay: true,
  biasScale: true,
  schedule: true,
  labelSmoothing: true,
  classWeights: true,
  whiten: true,
  preprocessing: true,
  augment: true,
  validation: true,
  validateEvery: true,
  plateau: true,
  patience: true,
  seed: true,
};

/** The settings of a run without a recipe. */
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

export interface ExpectSettingsOptions {
  /** The data sets that can be named. Default DATASETS. */
  readonly datasets?: readonly Dataset[];
}

const EXPECT_SETTINGS_OPTIONS: OptionNames<ExpectSettingsOptions> = { datasets: true };

/**
 * Returns the settings if all of them are valid.
 *
 * @throws InputError that names the setting, its range and its value.
 */
export function expectSettings(settings: RunSettings, options: ExpectSettingsOptions = {}): RunSettings {
  expectOptions('expectSettings', options, EXPECT_SETTINGS_OPTIONS);
  expectOptions('RunSettings', settings, RUN_SETTINGS);
  const { datasets = DATASETS } = options;
  expectDataset(settings.data, datasets);
  expectNumbers(settings);
  expectCompileOptions(compileOptions(settings));
  expectLossSettings(settings);
  expectBoolean('whiten', settings.whiten ?? false);
  expectOneOf('preprocessing', settings.preprocessing ?? 'unit', PREPROCESSINGS);
  expectLearningRateSettings(settings);
  parseAugment(settings.augment);
  parseSplit(settings.validation);
  return settings;
}

/** The settings that compileClassifier takes. */
export function compileOptions(settings: RunSettings): CompileOptions {
  const { optimizer, learningRate, momentum, weightDecay, biasScale } = settings;
  return { optimizer, learningRate, momentum, weightDecay, biasScale };
}

function expectNumbers({ epochs, limit, stepsPerEpoch, batchSize, seed, validateEvery }: RunSettings): void {
  if (limit !== undefined) expectInteger('limit', limit, { min: 1, max: 1e6 });
  expectInteger('epochs', epochs, { min: 1 });
  if (stepsPerEpoch !== undefined) expectInteger('stepsPerEpoch', stepsPerEpoch, { min: 1 });
  expectInteger('batchSize', batchSize, { min: 1 });
  expectInteger('seed', seed, { min: -(2 ** 53), max: 2 ** 53 });
  // With more than `epochs` no epoch would be validated, and the best epoch would be unknown.
  expectInteger('validateEvery', validateEvery ?? 1, { min: 1, max: epochs });
}

function expectLossSettings({ labelSmoothing = 0, classWeights = {} }: RunSettings): void {
  expectBelowOne('labelSmoothing', expectNumber('labelSmoothing', labelSmoothing, { min: 0, max: 1 }));
  for (const [label, weight] of Object.entries(classWeights))
    expectNumber(`classWeights[${label}]`, weight, { min: 0 });
}

function expectLearningRateSettings({ plateau, patience, schedule }: RunSettings): void {
  if (plateau) {
    expectBelowOne('plateau.factor', expectNumber('plateau.factor', plateau.factor, { min: 0 }));
    expectInteger('plateau.patience', plateau.patience);
  }
  if (patience !== null) expectInteger('patience', patience);
  if (schedule === undefined) return;
  expectSchedule(schedule);
  if (plateau)
    throw new InputError(
      'Expected either a schedule or a plateau for the learning rate, got both: schedule ' +
        `${JSON.stringify(schedule)}`,
    );
}

function expectBelowOne(name: string, value: number): void {
  if (value >= 1) throw new InputError(`Expected ${name} to be below 1, got ${value}`);
}

const settingText = (value: unknown) =>
  typeof value === 'object' ? JSON.stringify(value, Object.keys(value ?? {}).sort()) : String(value);

interface ChangedSetting {
  readonly name: keyof RunSettings;
  /** The values as text; "undefined" for a default. */
  readonly savedText: string;
  readonly currentText: string;
}

/** The settings whose values differ from those of a saved run. */
export function changedSettings(settings: RunSettings, saved: RunSettings): ChangedSetting[] {
  const names = Object.keys({ ...saved, ...settings }) as (keyof RunSettings)[];
  return names
    .map((name) => ({ name, savedText: settingText(saved[name]), currentText: settingText(settings[name]) }))
    .filter(({ savedText, currentText }) => savedText !== currentText);
}

/**
 * Throws an InputError that names a setting, other than epochs, that differs from that of the run to be
 * resumed.
 */
export function expectSameSettings(settings: RunSettings, saved: RunSettings): void {
  const changed = changedSettings(settings, saved).find(({ name }) => name !== 'epochs');
  if (changed)
    throw new InputError(
      `Expected ${changed.name} to be ${changed.savedText}, as in the run to be resumed, got ` +
        `${changed.currentText}`,
    );
}
