import { expectInteger, expectNumber, InputError, type Preprocessing } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { isLinearLoss } from './compile.js';
import { isSparse } from './targets.js';

interface Checked {
  epochs: number;
  stepsPerEpoch?: number;
  validateEvery?: number;
  labelSmoothing?: number;
  classWeights?: unknown;
  train: unknown;
  validation?: unknown;
  checkpoints?: unknown;
  resume?: boolean;
  preprocessing?: Preprocessing;
}

/** Throws an InputError for a model that fit cannot train, and for options out of range or without each other. */
export function expectOptions(model: tf.LayersModel, options: Checked): void {
  const { stepsPerEpoch, validateEvery, labelSmoothing = 0, classWeights, validation } = options;
  if (!model.optimizer || !model.metricsNames.includes('acc'))
    throw new InputError("Expected a model compiled with metrics: ['accuracy'] (see compileClassifier)");
  if (model.inputs.length !== 1 || model.outputs.length !== 1)
    throw new InputError(
      `Expected a model with one input and one output, got ${model.inputs.length} and ${model.outputs.length}`,
    );
  expectInteger('epochs', options.epochs, { min: 1 });
  expectSource('train', options.train);
  if (validation !== undefined) expectSource('validation', validation);
  if (stepsPerEpoch !== undefined) expectInteger('stepsPerEpoch', stepsPerEpoch, { min: 1 });
  if (validateEvery !== undefined) {
    expectInteger('validateEvery', validateEvery, { min: 1 });
    if (!validation)
      throw new InputError(`Expected validation with validateEvery ${validateEvery}, got none`);
  }
  if (options.resume && !options.checkpoints)
    throw new InputError('Expected checkpoints with resume, where they are kept, got none');
  if (expectNumber('labelSmoothing', labelSmoothing, { min: 0, max: 1 }) === 1)
    throw new InputError('Expected labelSmoothing to be below 1, got 1');
  for (const [name, isGiven] of Object.entries({ classWeights, labelSmoothing }))
    if (isGiven && !isLinearLoss(model))
      throw new InputError(
        `Expected a model compiled with categorical cross-entropy for ${name} (see compileClassifier), got ${isSparse(model) ? 'the sparse loss' : 'another loss'}`,
      );
}

function expectSource(name: string, source: unknown): void {
  if (typeof source !== 'function')
    throw new InputError(
      `Expected ${name} to be a function of the epoch that gives its batches, got ${typeof source}`,
    );
}
