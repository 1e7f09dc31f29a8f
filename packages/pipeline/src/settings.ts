import { parseAugment } from '@convlens/augment';
import { expectInteger, expectNumber, expectOneOf, InputError } from '@convlens/core';
import { parseSplit } from '@convlens/image-set';
import { expectCompileOptions, type optimizerNames } from '@convlens/training';
import { expectDataset } from './datasets.js';
import { preprocessingNames, type PreprocessingName } from './preprocessings.js';
import { expectSchedule } from './schedule.js';

/** Everything that decides what a run becomes: plain data, kept in run.json. */
export interface RunSettings {
  /** A data set's name (`datasetNames`), or the path of a folder of one's own images. */
  readonly data: string;
  /** Only the first so many training images. Default: all. */
  readonly limit?: number;
  /** An architecture's name, or whatever the caller calls a model of its own. */
  readonly model: string;
  readonly epochs: number;
  /** Batches an epoch, each going on where the last one ended. Default: an epoch is a pass over the images. */
  readonly stepsPerEpoch?: number;
  readonly batchSize: number;
  readonly optimizer: (typeof optimizerNames)[number];
  readonly learningRate: number;
  /** Of the optimizers momentum and nesterov. Default 0.9. */
  readonly momentum?: number;
  /** The share of each kernel that a step takes away, times the learning rate. Default 0. */
  readonly weightDecay?: number;
  /** The learning rate of batch norm's offsets, in rates of the other weights. Default 1. */
  readonly biasScale?: number;
  /** How the rate moves from step to step, such as "one-cycle" or "inverse-time:decay=1e-6" (`scheduleOf`). Default: it stays. */
  readonly schedule?: string;
  /** The share of each target that is spread over all classes, 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
  /** What the loss of an image counts, by the index of its class; a class that is not named counts 1. */
  readonly classWeights?: Readonly<Record<number, number>>;
  /** Set the first convolution to whiten patches of the training images, and leave it so. Default false. */
  readonly whiten?: boolean;
  /** What the network reads of pixels. Default 'unit': [0, 1]. */
  readonly preprocessing?: PreprocessingName;
  /** Augmentation of the training images, such as "flip,shift=0.1"; "" for none. */
  readonly augment: string;
  /** Which training images are held out for validation, such as "first:0.1". */
  readonly validation: string;
  /** Validate after every so many epochs. Default 1. */
  readonly validateEvery?: number;
  /** Cut the rate when the validation loss no longer falls; null: never. */
  readonly plateau: { readonly factor: number; readonly patience: number } | null;
  /** Stop when it has not fallen for so many validations; null: never. */
  readonly patience: number | null;
  /** Of the initial weights, the order of images, augmentation and dropout. */
  readonly seed: number;
}

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
  const { epochs, limit, stepsPerEpoch, validateEvery = 1, plateau, patience, schedule } = settings;
  expectDataset(settings.data);
  if (limit !== undefined) expectInteger('limit', limit, { min: 1, max: 1e6 });
  expectInteger('epochs', epochs, { min: 1 });
  if (stepsPerEpoch !== undefined) expectInteger('stepsPerEpoch', stepsPerEpoch, { min: 1 });
  expectInteger('batchSize', settings.batchSize, { min: 1 });
  expectInteger('seed', settings.seed, { min: -(2 ** 53), max: 2 ** 53 });
  expectCompileOptions(settings);
  if (expectNumber('labelSmoothing', settings.labelSmoothing ?? 0, { min: 0, max: 1 }) === 1)
    throw new InputError('Expected labelSmoothing to be below 1, got 1');
  for (const [label, weight] of Object.entries(settings.classWeights ?? {}))
    expectNumber(`classWeights[${label}]`, weight, { min: 0 });
  if (settings.whiten !== undefined && typeof settings.whiten !== 'boolean')
    throw new InputError(`Expected whiten to be true or false, got ${JSON.stringify(settings.whiten)}`);
  expectOneOf('preprocessing', settings.preprocessing ?? 'unit', preprocessingNames);
  // More would leave a run without a validation to say which epoch was its best.
  expectInteger('validateEvery', validateEvery, { min: 1, max: epochs });
  if (plateau) {
    if (expectNumber('plateau.factor', plateau.factor, { min: 0 }) >= 1)
      throw new InputError(`Expected plateau.factor to be below 1, got ${plateau.factor}`);
    expectInteger('plateau.patience', plateau.patience);
  }
  if (patience !== null) expectInteger('patience', patience);
  if (schedule !== undefined) expectSchedule(schedule);
  if (schedule !== undefined && plateau)
    throw new InputError(
      `Expected either a schedule or a plateau to move the learning rate, got both: schedule ${JSON.stringify(schedule)}`,
    );
  parseAugment(settings.augment);
  parseSplit(settings.validation);
  return settings;
}

/** Throws an InputError that names a setting, other than epochs, that a run would go on with otherwise than it began. */
export function expectSameSettings(settings: RunSettings, saved: RunSettings): void {
  const textOf = (value: unknown) =>
    typeof value === 'object' ? JSON.stringify(value, Object.keys(value ?? {}).sort()) : String(value);
  for (const name of Object.keys({ ...saved, ...settings }) as (keyof RunSettings)[]) {
    const [before, now] = [textOf(saved[name]), textOf(settings[name])];
    if (name !== 'epochs' && before !== now)
      throw new InputError(`Expected ${name} to be ${before}, as the run that is resumed has it, got ${now}`);
  }
}
