import { resolve } from 'node:path';
import { InputError } from '@convlens/core';
import { readImagesLayout } from '@convlens/image-set/folder';
import { localSource } from '@convlens/image-set/node';
import {
  defaultSettings,
  expectSameSettings,
  findRecipe,
  isFolderPath,
  SEPARATE_VALIDATION,
  type RunSettings,
} from '@convlens/pipeline';
import { ALL_RECIPES } from '@convlens/reproduce';
import { resolveDataset } from '../data/data-dir.js';
import { isModelModule } from '../models/model-module.js';
import { parseNumber } from './common-options.js';
import type { TrainingFlags } from './training-options.js';

/** The settings that were set on the command line. */
export function settingsFromFlags(flags: TrainingFlags): Partial<RunSettings> {
  // An absolute path: the run may be resumed from another working directory.
  const model = flags.model !== undefined && isModelModule(flags.model) ? resolve(flags.model) : flags.model;
  const settings: Partial<RunSettings> = {
    data: flags.data && resolveDataset(flags.data),
    limit: flags.limit,
    model,
    epochs: flags.epochs,
    stepsPerEpoch: flags.stepsPerEpoch,
    batchSize: flags.batchSize,
    optimizer: flags.optimizer,
    learningRate: flags.lr,
    momentum: flags.momentum,
    weightDecay: flags.weightDecay,
    biasScale: flags.biasScale,
    schedule: flags.schedule,
    labelSmoothing: flags.labelSmoothing,
    classWeights: flags.classWeights === undefined ? undefined : parseClassWeights(flags.classWeights),
    whiten: flags.whiten,
    preprocessing: flags.preprocessing,
    augment: flags.augment,
    validation: flags.validation,
    validateEvery: flags.validateEvery,
    plateau: flags.plateau === undefined ? undefined : parsePlateau(flags.plateau),
    patience: flags.patience === undefined ? undefined : parseUnlessNone(flags.patience, parseNumber),
    seed: flags.seed,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

const parseUnlessNone = <T>(text: string, read: (text: string) => T): T | null =>
  text === 'none' ? null : read(text);

/** Parses FACTOR:PATIENCE, such as "0.5:5". */
const parsePlateau = (text: string) =>
  parseUnlessNone(text, (value) => {
    const [factor, patience, ...more] = value.split(':');
    if (patience === undefined || more.length > 0)
      throw new InputError(
        `Expected --plateau FACTOR:PATIENCE, such as 0.5:5, or none, got ${JSON.stringify(value)}`,
      );
    return { factor: parseNumber(factor), patience: parseNumber(patience) };
  });

/** Parses CLASS=WEIGHT,..., such as "3=2,5=0.5"; "none" removes the weights of a recipe. */
function parseClassWeights(text: string): Record<number, number> {
  const weights: Record<number, number> = {};
  if (text === 'none') return weights;
  for (const part of text.split(',')) {
    const [label, weight, ...more] = part.split('=').map((piece) => piece.trim());
    if (!/^\d+$/.test(label) || weight === undefined || more.length > 0 || label in weights)
      throw new InputError(
        `Expected --class-weights CLASS=WEIGHT,..., each class once, such as 3=2,5=0.5, got ${JSON.stringify(text)}`,
      );
    weights[Number(label)] = parseNumber(weight);
  }
  return weights;
}

/** The settings of a new run: the command line overrides the recipe, which overrides the defaults. */
export function newRunSettings(flags: TrainingFlags, fallbackRecipe?: string): RunSettings {
  const recipe = flags.recipe ?? fallbackRecipe;
  const fromFlags = settingsFromFlags(flags);
  const settings: Partial<RunSettings> = {
    ...defaultSettings,
    ...(recipe && findRecipe(recipe, ALL_RECIPES).settings),
    // A schedule and a plateau exclude each other: the one on the command line replaces the recipe's.
    ...(fromFlags.schedule !== undefined && { plateau: null }),
    ...(fromFlags.plateau && { schedule: undefined }),
    // These settings of a recipe belong to its optimizer.
    ...(fromFlags.optimizer !== undefined && { momentum: undefined, biasScale: undefined }),
    ...fromFlags,
  };
  const { data, model } = settings;
  if (!data) throw new InputError('Expected --data, the data set to train on (see convlens list data)');
  if (!model) throw new InputError('Expected --model, the architecture to train (see convlens list models)');
  const complete = settings as RunSettings;
  return fromFlags.validation === undefined ? { ...complete, validation: validationOf(complete) } : complete;
}

/**
 * The validation split where the command line has none. The images of a folder come class by class, so that the first tenth
 * would be one class: as many are held out of each class.
 */
const validationOf = ({ data, validation }: RunSettings): string =>
  isFolderPath(data) ? validation.replace(/^first:/, 'stratified:') : validation;

/** The settings of a new run, with the validation images of a folder that has its own, unless the command line chooses others. */
export async function withSeparateValidation(
  settings: RunSettings,
  flags: TrainingFlags,
): Promise<RunSettings> {
  if (flags.validation !== undefined || !isFolderPath(settings.data)) return settings;
  const { hasValidation } = await readImagesLayout(await localSource(settings.data));
  return hasValidation ? { ...settings, validation: SEPARATE_VALIDATION } : settings;
}

/** The settings of a command that is repeated: they must agree with the saved ones, except for more epochs. */
export function repeatedSettings(settings: RunSettings, saved: RunSettings): RunSettings {
  expectSameSettings(settings, saved);
  return settings;
}

/** The settings of a resumed run: the saved ones. The command line must agree with them, except for more epochs. */
export function resumedSettings(flags: TrainingFlags, saved: RunSettings): RunSettings {
  if (flags.recipe !== undefined)
    throw new InputError('--recipe does not apply with --resume: a resumed run keeps its settings');
  const settings = { ...saved, ...settingsFromFlags(flags) };
  expectSameSettings(settings, saved);
  return settings;
}
