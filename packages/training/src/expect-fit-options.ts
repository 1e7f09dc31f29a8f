import {
  expectObject,
  expectModel,
  expectInteger,
  expectNumber,
  expectOptions,
  InputError,
  type BatchSource,
} from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { isBinaryLoss, isLinearLoss } from './compile.js';
import { FIT_OPTIONS, type FitOptions } from './fit-options.js';
import { expectInputShape } from './inputs.js';
import { expectTargets, isSparse } from './targets.js';

/**
 * Throws an InputError if `fit` cannot train the model, or if an option is unknown, out of range or lacks
 * another one.
 */
export function expectFitOptions(model: tf.LayersModel, options: FitOptions): void {
  expectOptions('fit', options, FIT_OPTIONS);
  expectObject('the options of fit', options);
  expectModel('model', model);
  expectCompiledModel(model);
  expectInteger('epochs', options.epochs, { min: 1 });
  expectSource('train', options.train);
  if (options.validation !== undefined) expectSource('validation', options.validation);
  if (options.stepsPerEpoch !== undefined) expectInteger('stepsPerEpoch', options.stepsPerEpoch, { min: 1 });
  expectValidateEvery(options);
  expectCallbacks(options.callbacks ?? []);
  if (options.resume && !options.checkpoints)
    throw new InputError('Expected checkpoints with resume, got none');
  expectLossOptions(model, options);
}

function expectCompiledModel(model: tf.LayersModel): void {
  if (!model.optimizer || !model.metricsNames.includes('acc'))
    throw new InputError("Expected a model compiled with metrics: ['accuracy'] (see compileClassifier)");
  if (model.inputs.length !== 1 || model.outputs.length !== 1)
    throw new InputError(
      `Expected a model with one input and one output,` +
        ` got ${model.inputs.length} and ${model.outputs.length}`,
    );
}

function expectSource(name: string, source: unknown): void {
  if (typeof source !== 'function')
    throw new InputError(
      `Expected ${name} to be a function from an epoch to its batches, got ${typeof source}`,
    );
}

function expectValidateEvery({ validateEvery, validation }: FitOptions): void {
  if (validateEvery === undefined) return;
  expectInteger('validateEvery', validateEvery, { min: 1 });
  if (!validation) throw new InputError(`Expected validation with validateEvery ${validateEvery}, got none`);
}

/** The plain objects that the `fit` of TensorFlow.js accepts are not callbacks. */
function expectCallbacks(callbacks: unknown): void {
  const typeName = (value: unknown) => Object(value).constructor?.name ?? 'object';
  if (!Array.isArray(callbacks))
    throw new InputError(`Expected callbacks to be a list, got ${typeName(callbacks)}`);
  callbacks.forEach((callback, i) => {
    if (typeof callback?.setModel !== 'function')
      throw new InputError(
        `Expected callbacks[${i}] to be a callback, such as new tf.CustomCallback({ onEpochEnd }),` +
          ` got ${typeName(callback)}`,
      );
  });
}

function expectLossOptions(model: tf.LayersModel, { labelSmoothing = 0, classWeights }: FitOptions): void {
  if (expectNumber('labelSmoothing', labelSmoothing, { min: 0, max: 1 }) === 1)
    throw new InputError('Expected labelSmoothing to be below 1, got 1');
  const fits = {
    classWeights: isLinearLoss(model),
    labelSmoothing: isLinearLoss(model) || isBinaryLoss(model),
  };
  for (const [name, value] of Object.entries({ classWeights, labelSmoothing }))
    if (value && !fits[name as keyof typeof fits])
      throw new InputError(
        `Expected a model compiled with categorical cross-entropy for ${name} (see compileClassifier),` +
          ` got ${isSparse(model) ? 'the sparse loss' : 'another loss'}`,
      );
}

/**
 * Throws an InputError if there are no validation batches, or if the first one does not fit the model: before
 * training, not after the first epoch.
 */
export async function expectValidation(model: tf.LayersModel, validation: BatchSource): Promise<void> {
  for await (const batch of validation(0)) {
    expectInputShape(model, batch);
    return expectTargets(model, batch);
  }
  throw new InputError('Expected batches to validate on, got none');
}
