import { PREPROCESSINGS, type RunSettings } from '@convlens/pipeline';
import { optimizerNames } from '@convlens/training';
import type { Command } from 'commander';
import { backendOption, dataDirOption, parseNumber } from './common-options.js';

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

/** Adds the options that continue a run. */
export const addResumeOptions = (command: Command): Command =>
  command
    .option('--resume', 'resume from the last checkpoint')
    .option('--resume-or-start', 'resume if the folder has a run, else start: for job scripts');

/** Adds the options that set the settings of a run. They have no defaults here, so that a set option overrides a recipe. */
export function addTrainingOptions(command: Command): Command {
  return command
    .option('--recipe <name>', 'recipe whose settings are the defaults (see convlens list recipes)')
    .option(
      '--data <name>',
      'data set (see convlens list data), a folder of images, or a file with them (zip, tar, npz, csv, parquet)',
    )
    .option('--model <name>', 'architecture (see convlens list models), or your own module: ./my-cnn.mjs')
    .option('--epochs <n>', 'passes over the training images', parseNumber)
    .option('--steps-per-epoch <n>', 'batches per epoch; default: all training images', parseNumber)
    .option('--batch-size <n>', 'images per batch', parseNumber)
    .option('--optimizer <name>', `optimizer: ${optimizerNames.join(', ')}`)
    .option('--lr <rate>', 'learning rate', parseNumber)
    .option(
      '--momentum <value>',
      'momentum of the optimizers momentum and nesterov (default: 0.9)',
      parseNumber,
    )
    .option(
      '--weight-decay <value>',
      'decoupled weight decay of the kernels (AdamW), multiplied by the learning rate',
      parseNumber,
    )
    .option(
      '--bias-scale <factor>',
      'learning-rate multiplier of the batch normalization offsets (beta)',
      parseNumber,
    )
    .option(
      '--schedule <spec>',
      'learning-rate schedule: one-cycle, cosine:warmup=1, step:every=10, inverse-time:decay=1e-6',
    )
    .option(
      '--plateau <factor:patience>',
      'reduce the learning rate on plateau, such as 0.5:5: halve it after 5 epochs without improvement; none to disable',
    )
    .option(
      '--patience <n>',
      'early stopping: stop after this many epochs without improvement; none to disable',
    )
    .option('--label-smoothing <fraction>', 'label smoothing, 0 to 1', parseNumber)
    .option(
      '--class-weights <list>',
      'loss weight per class index, such as 3=2,5=0.5 (others: 1); none to disable',
    )
    .option(
      '--whiten',
      'initialize the first convolution to whiten patches of the training images, and freeze it',
    )
    .option('--no-whiten', 'do not use the whitening of the recipe')
    .option('--preprocessing <name>', `preprocessing: ${PREPROCESSINGS.join(', ')}`)
    .option('--augment <steps>', 'augmentation steps, such as flip,shift=0.1,rotate=15,zoom=0.1; "" for none')
    .option(
      '--validation <split>',
      'validation split: first:0.1, last:0.1, shuffled:0.1, stratified:0.1; separate: the images of val/',
    )
    .option('--validate-every <n>', 'epochs from one validation to the next (default: 1)', parseNumber)
    .option('--limit <n>', 'use only the first n training images; of a folder n of all classes', parseNumber)
    .option('--seed <n>', 'random seed of weights, shuffling, augmentation and dropout', parseNumber)
    .addOption(dataDirOption())
    .addOption(backendOption());
}
