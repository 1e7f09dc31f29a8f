import { resolve } from 'node:path';
import { InputError } from '@convlens/core';
import { recipeOf, defaultSettings, type RunSettings } from '@convlens/pipeline';
import { Option, type Command } from 'commander';
import { backendNames } from './backend.js';
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

export interface TrainingFlags extends Partial<Omit<RunSettings, 'plateau' | 'patience'>> {
  recipe?: string;
  lr?: number;
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
    .option('--batch-size <n>', 'images a step', number)
    .option('--optimizer <name>', 'adam, nesterov, rmsprop, sgd')
    .option('--lr <rate>', 'learning rate', number)
    .option('--augment <steps>', 'such as flip,shift=0.1,rotate=15,zoom=0.1; "" for none')
    .option('--validation <part>', 'held out: first:0.1, last:0.1, shuffled:0.1, stratified:0.1')
    .option('--limit <n>', 'only the first n training images', number)
    .option('--seed <n>', 'of weights, order, augmentation and dropout', number)
    .addOption(dataDirOption())
    .addOption(backendOption());
}

/** What was typed, as settings. */
export function typedSettings(flags: TrainingFlags): Partial<RunSettings> {
  const { data, epochs, batchSize, optimizer, lr, augment, validation, limit, seed } = flags;
  // A run that is resumed from another folder must find the module again.
  const model = flags.model !== undefined && isModelModule(flags.model) ? resolve(flags.model) : flags.model;
  const typed = {
    data,
    model,
    epochs,
    batchSize,
    optimizer,
    learningRate: lr,
    augment,
    validation,
    limit,
    seed,
  };
  return Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined));
}

/** The settings of a new run: what was typed, over a recipe, over the defaults. */
export function settingsOf(flags: TrainingFlags, fallbackRecipe?: string): RunSettings {
  const recipe = flags.recipe ?? fallbackRecipe;
  const settings = { ...defaultSettings, ...(recipe && recipeOf(recipe)), ...typedSettings(flags) };
  const { data, model } = settings as Partial<RunSettings>;
  if (!data) throw new InputError('Expected --data, the data set to train on (convlens list data)');
  if (!model) throw new InputError('Expected --model, the network to train (convlens list models)');
  return settings as RunSettings;
}

/** The settings of a run that goes on: its own. What is typed must agree with them, but for more epochs. */
export function resumedSettings(flags: TrainingFlags, saved: RunSettings): RunSettings {
  if (flags.recipe !== undefined)
    throw new InputError('Expected no --recipe with --resume: a run that goes on keeps its settings');
  for (const [name, value] of Object.entries(typedSettings(flags))) {
    const before = saved[name as keyof RunSettings];
    if (before !== value && name !== 'epochs')
      throw new InputError(
        `Expected ${name} to be ${before}, as the run that is resumed has it, got ${value}`,
      );
  }
  return { ...saved, ...(flags.epochs !== undefined && { epochs: flags.epochs }) };
}
