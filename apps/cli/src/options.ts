import { resolve } from 'node:path';
import { InputError } from '@convlens/core';
import {
  defaultSettings,
  expectSameSettings,
  preprocessingNames,
  recipeOf,
  type RunSettings,
} from '@convlens/pipeline';
import { optimizerNames } from '@convlens/training';
import { Option, type Command } from 'commander';
import { backendNames } from './backend.js';
import { typedDataset } from './data-folder.js';
import { isModelModule } from './model-module.js';

/** A number as it was typed; what it may be is checked where it is used. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value))
    throw new InputError(`Expected a number, got ${JSON.stringify(text)}`);
  return value;
}

export const list = (text: string): string[] => text.split(',').map((item) => item.trim());

export const dataDirOption = () =>
  new Option(
    '--data-dir <dir>',
    'where data sets lie; default: where the run found them, else $CONVLENS_DATA_DIR, else the cache folder',
  );

export const backendOption = () =>
  new Option('--backend <name>', `what computes: ${backendNames.join(', ')}`).default('auto');

export interface TrainingFlags extends Partial<
  Omit<RunSettings, 'learningRate' | 'plateau' | 'patience' | 'classWeights'>
> {
  recipe?: string;
  lr?: number;
  plateau?: string;
  patience?: string;
  classWeights?: string;
  backend: string;
  dataDir?: string;
  json?: boolean;
}

/** The options that decide what a run becomes; none has a default here, so that what was typed can be told apart. */
export function addTrainingOptions(command: Command): Command {
  return command
    .option('--recipe <name>', 'settings to start from (convlens list recipes)')
    .option('--data <name>', 'data set (convlens list data)')
    .option('--model <name>', 'architecture (convlens list models), or a module of your own: ./my-cnn.mjs')
    .option('--epochs <n>', 'times it sees every image', number)
    .option('--steps-per-epoch <n>', 'batches an epoch; default: all images', number)
    .option('--batch-size <n>', 'images a step', number)
    .option('--optimizer <name>', optimizerNames.join(', '))
    .option('--lr <rate>', 'learning rate', number)
    .option('--momentum <share>', 'of the optimizers momentum and nesterov; default 0.9', number)
    .option('--weight-decay <share>', 'of each kernel, taken away a step, times the learning rate', number)
    .option(
      '--bias-scale <factor>',
      "learning rate of batch norm's offsets, in rates of the other weights",
      number,
    )
    .option(
      '--schedule <text>',
      'how it moves: one-cycle, cosine:warmup=1, step:every=10, inverse-time:decay=1e-6',
    )
    .option(
      '--plateau <text>',
      'or how it falls, such as 0.5:5: halved after 5 epochs without progress; none',
    )
    .option('--patience <n>', 'stop after so many epochs without progress; none')
    .option('--label-smoothing <share>', 'of each target, spread over all classes', number)
    .option('--class-weights <list>', 'what a class counts, by its index: 3=2,5=0.5; others 1; none')
    .option('--whiten', 'set the first convolution to whiten patches of the training images, and fix it')
    .option('--no-whiten')
    .option('--preprocessing <name>', preprocessingNames.join(', '))
    .option('--augment <steps>', 'such as flip,shift=0.1,rotate=15,zoom=0.1; "" for none')
    .option('--validation <part>', 'held out: first:0.1, last:0.1, shuffled:0.1, stratified:0.1')
    .option('--validate-every <n>', 'epochs', number)
    .option('--limit <n>', 'only the first n training images', number)
    .option('--seed <n>', 'of weights, order, augmentation and dropout', number)
    .addOption(dataDirOption())
    .addOption(backendOption());
}

/** What was typed, as settings. */
export function typedSettings(flags: TrainingFlags): Partial<RunSettings> {
  // A run that is resumed from another folder must find the module again.
  const model = flags.model !== undefined && isModelModule(flags.model) ? resolve(flags.model) : flags.model;
  const typed: Partial<RunSettings> = {
    data: flags.data && typedDataset(flags.data),
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
    classWeights: flags.classWeights === undefined ? undefined : classWeightsOf(flags.classWeights),
    whiten: flags.whiten,
    preprocessing: flags.preprocessing,
    augment: flags.augment,
    validation: flags.validation,
    validateEvery: flags.validateEvery,
    plateau: flags.plateau === undefined ? undefined : plateauOf(flags.plateau),
    patience: flags.patience === undefined ? undefined : orNone(flags.patience, number),
    seed: flags.seed,
  };
  return Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined));
}

const orNone = <T>(text: string, read: (text: string) => T): T | null =>
  text === 'none' ? null : read(text);

/** Such as "0.5:5". */
const plateauOf = (text: string) =>
  orNone(text, (given) => {
    const [factor, patience, ...more] = given.split(':');
    if (patience === undefined || more.length > 0)
      throw new InputError(
        `Expected --plateau FACTOR:EPOCHS, such as 0.5:5, or none, got ${JSON.stringify(given)}`,
      );
    return { factor: number(factor), patience: number(patience) };
  });

/** Such as "3=2,5=0.5"; none is no weights, as of a recipe that has some. */
function classWeightsOf(text: string): Record<number, number> {
  const weights: Record<number, number> = {};
  if (text === 'none') return weights;
  for (const part of text.split(',')) {
    const [label, weight, ...more] = part.split('=').map((piece) => piece.trim());
    if (!/^\d+$/.test(label) || weight === undefined || more.length > 0 || label in weights)
      throw new InputError(
        `Expected --class-weights CLASS=WEIGHT,..., each class once, such as 3=2,5=0.5, got ${JSON.stringify(text)}`,
      );
    weights[Number(label)] = number(weight);
  }
  return weights;
}

/** The settings of a new run: what was typed, over a recipe, over the defaults. */
export function settingsOf(flags: TrainingFlags, fallbackRecipe?: string): RunSettings {
  const recipe = flags.recipe ?? fallbackRecipe;
  const typed = typedSettings(flags);
  const settings: Partial<RunSettings> = {
    ...defaultSettings,
    ...(recipe && recipeOf(recipe)),
    // One of the two moves the rate: the one that was typed takes the place of the other.
    ...(typed.schedule !== undefined && { plateau: null }),
    ...(typed.plateau && { schedule: undefined }),
    // What a recipe says of its own optimizer fits no other.
    ...(typed.optimizer !== undefined && { momentum: undefined, biasScale: undefined }),
    ...typed,
  };
  const { data, model } = settings;
  if (!data) throw new InputError('Expected --data, the data set to train on (convlens list data)');
  if (!model) throw new InputError('Expected --model, the network to train (convlens list models)');
  return settings as RunSettings;
}

/** The settings of a run that goes on: its own. What is typed must agree with them, but for more epochs. */
export function resumedSettings(flags: TrainingFlags, saved: RunSettings): RunSettings {
  if (flags.recipe !== undefined)
    throw new InputError('Expected no --recipe with --resume: a run that goes on keeps its settings');
  const settings = { ...saved, ...typedSettings(flags) };
  expectSameSettings(settings, saved);
  return settings;
}
