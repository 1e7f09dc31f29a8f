import {
  expectInteger,
  expectNumber,
  InputError,
  type BatchSource,
  type Preprocessing,
} from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { isLinearLoss } from './compile.js';
import { expectReadable } from './inputs.js';
import { expectTargets, isSparse } from './targets.js';

interface Checked {
  epochs: number;
  stepsPerEpoch?: number;
  validateEvery?: number;
  labelSmoothing?: number;
  classWeights?: unknown;
  callbacks?: unknown;
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
  expectCallbacks(options.callbacks ?? []);
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

/**
 * Throws an InputError if there is nothing to validate on, or if the first batch of it does not fit the model: it would be
 * a pity to learn of that after an epoch of training.
 */
export async function expectValidation(model: tf.LayersModel, validation: BatchSource): Promise<void> {
  for await (const batch of validation(0)) {
    expectReadable(model, batch);
    return expectTargets(model, batch);
  }
  throw new InputError('Expected batches to validate on, got none');
}

/** A plain object, which the `fit` of TensorFlow.js takes too, is none. */
function expectCallbacks(callbacks: unknown): void {
  const show = (value: unknown) => Object(value).constructor?.name ?? 'object';
  if (!Array.isArray(callbacks))
    throw new InputError(`Expected callbacks to be a list, got ${show(callbacks)}`);
  callbacks.forEach((callback, i) => {
    if (typeof callback?.setModel !== 'function')
      throw new InputError(
        `Expected callbacks[${i}] to be a callback, such as new tf.CustomCallback({ onEpochEnd }), got ${show(callback)}`,
      );
  });
}

function expectSource(name: string, source: unknown): void {
  if (typeof source !== 'function')
    throw new InputError(
      `Expected ${name} to be a function of the epoch that gives its batches, got ${typeof source}`,
    );
}
