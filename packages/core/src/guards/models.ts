import { InputError } from './input-error.js';
import { showValue } from './show-value.js';

/**
 * Throws an InputError if a value is not a model of TensorFlow.js (`tf.LayersModel`), of any copy of TensorFlow.js.
 */
export function expectModel(name: string, value: unknown): void {
  const { layers, inputs, predict } = (value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(layers) || !Array.isArray(inputs) || typeof predict !== 'function')
    throw new InputError(
      `Expected ${name} to be a model of TensorFlow.js (tf.LayersModel), got ${showValue(value)}`,
    );
}

/** Throws an InputError if a value is not an optimizer of TensorFlow.js (`tf.Optimizer`). */
export function expectOptimizer(name: string, value: unknown): void {
  if (typeof ((value ?? {}) as { applyGradients?: unknown }).applyGradients !== 'function')
    throw new InputError(
      `Expected ${name} to be an optimizer of TensorFlow.js (tf.Optimizer), got ${showValue(value)}`,
    );
}

/** Throws an InputError if a value is not a tensor of TensorFlow.js. */
export function expectTensor(name: string, value: unknown): void {
  const { shape, dataSync } = (value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(shape) || typeof dataSync !== 'function')
    throw new InputError(`Expected ${name} to be a tensor of TensorFlow.js, got ${showValue(value)}`);
}

/** Throws an InputError if a value has no list of weights, as layers and models of TensorFlow.js have. */
export function expectWeights(name: string, value: unknown): void {
  if (!Array.isArray(((value ?? {}) as { weights?: unknown }).weights))
    throw new InputError(
      `Expected ${name} to be a layer or a model of TensorFlow.js, with weights, got ${showValue(value)}`,
    );
}
