import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { expect } from 'vitest';
import { randomArray, type NdArray } from './nd-array.js';

export const BACKENDS = ['cpu', 'wasm'] as const;

export async function useBackend(name: (typeof BACKENDS)[number]): Promise<void> {
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  if (!(await tf.setBackend(name))) throw new Error(`Expected the backend ${name} to start`);
}

/** A function of tensors, and the same in float64. */
export interface Case {
  readonly inputs: readonly NdArray[];
  readonly operation: (...inputs: never[]) => tf.Tensor;
  readonly reference: (...inputs: NdArray[]) => NdArray;
}

const STEP = 1e-5;
/** The number of single values whose derivative is computed. */
const POSITIONS = 8;
const toTensor = ({ shape, values }: NdArray) => tf.tensor(Float32Array.from(values), [...shape], 'float32');

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  return Array.from(expected).reduce((largest, value, i) => {
    const difference = Math.abs(actual[i] - value);
    return Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }, 0);
}

/** The weighted sum of the outputs, in float64. */
function scoreOf({ reference }: Case, inputs: readonly NdArray[], weights: NdArray): number {
  return reference(...inputs).values.reduce((sum, value, i) => sum + value * weights.values[i], 0);
}

/** The derivative of the weighted sum of the outputs along a direction of input `k`, by numeric differences. */
function derivative(one: Case, weights: NdArray, k: number, direction: ArrayLike<number>): number {
  const score = (step: number) => {
    const values = one.inputs[k].values.map((value, i) => value + step * direction[i]);
    return scoreOf(
      one,
      one.inputs.map((input, i) => (i === k ? { ...input, values } : input)),
      weights,
    );
  };
  return (score(STEP) - score(-STEP)) / (2 * STEP);
}

/** The first and the last value, some between them, and two directions that change all values. */
function directionsOf({ shape, values }: NdArray): ArrayLike<number>[] {
  const count = Math.min(POSITIONS, values.length);
  const units = Array.from({ length: count }, (_, n) => {
    const position = Math.round((n * (values.length - 1)) / Math.max(1, count - 1));
    return values.map((__, i) => Number(i === position));
  });
  return [...units, randomArray(shape, 31).values, randomArray(shape, 32).values];
}

/**
 * Expects the values of an operation, and the derivatives of their weighted sum with respect to all inputs, to be those
 * of the reference within 1e-4 of the largest gradient.
 */
export function expectGradients(one: Case): void {
  const expected = one.reference(...one.inputs);
  const weights = randomArray(expected.shape, 12, 0.2, 1.2);
  tf.tidy(() => {
    const operation = one.operation as (...inputs: tf.Tensor[]) => tf.Tensor;
    const tensors = one.inputs.map(toTensor);
    const y = operation(...tensors);
    expect(y.shape).toEqual(expected.shape);
    expect(largestDifference(y.dataSync(), expected.values)).toBeLessThan(1e-5);
    const score = (...inputs: tf.Tensor[]) => tf.sum(tf.mul(operation(...inputs), toTensor(weights)));
    tf.grads(score as never)(tensors).forEach((gradient, k) => {
      const values = Float64Array.from(gradient.dataSync());
      const directions = directionsOf(one.inputs[k]);
      const numeric = directions.map((direction) => derivative(one, weights, k, direction));
      const actual = directions.map((direction) => values.reduce((sum, v, i) => sum + v * direction[i], 0));
      const largest = Math.max(1e-3, ...numeric.map(Math.abs));
      expect(values.length).toBe(one.inputs[k].values.length);
      expect(largestDifference(actual, numeric) / largest).toBeLessThan(1e-4);
    });
  });
}
