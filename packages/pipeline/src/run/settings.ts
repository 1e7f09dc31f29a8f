import { parseAugment } from '@convlens/augment';
import {
  expectObject,
  expectBoolean,
  expectInteger,
  expectNumber,
  expectOneOf,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import type { Dataset } from '@convlens/image-set/files';
import { guarded } from '@convlens/storage';
import { expectCompileOptions, type CompileOptions } from '@convlens/training';
import * as v from 'valibot';
import { DATASETS, expectDataset } from '../data/datasets.js';
import { PREPROCESSINGS } from './preprocessings.js';
import { runSettings, type RunSettings } from './run-settings.js';
import { expectSchedule } from './schedule.js';
import { expectValidation } from './split-training-images.js';

const RUN_SETTINGS = Object.fromEntries(
  Object.keys(runSettings.entries).map((name) => [name, true]),
) as OptionNames<RunSettings>;

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
  expectObject('settings', settings);
  const { datasets = DATASETS } = options;
  expectDataset(settings.data, datasets);
  expectRanges(settings);
  return settings;
}

/** The settings in run.json. Their data set may be one of the caller's, so it is not looked up. */
export const savedSettings: v.GenericSchema<unknown, RunSettings> = v.pipe(
  runSettings,
  guarded(expectRanges),
);

function expectRanges(settings: RunSettings): void {
  expectNumbers(settings);
  expectCompileOptions(compileOptions(settings));
  expectLossSettings(settings);
  expectBoolean('whiten', settings.whiten ?? false);
  expectOneOf('preprocessing', settings.preprocessing ?? 'unit', PREPROCESSINGS);
  expectLearningRateSettings(settings);
  parseAugment(settings.augment);
  expectValidation(settings.validation);
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
        `${JSON.stringify(schedule)}. Set plateau to null to use the schedule`,
    );
}

function expectBelowOne(name: string, value: number): void {
  if (value >= 1) throw new InputError(`Expected ${name} to be below 1, got ${value}`);
}
