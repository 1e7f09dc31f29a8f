import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { setThreadsCount } from '../../src/index.js';
import { seededRandom } from './expect-close.js';

/** Of any sign of 0 too: 0 times an infinity is NaN. */
const SPECIAL_VALUES = [NaN, Infinity, -Infinity, 0, -0];

/** Values from -4 to 4; a fraction is special. */
export function withSpecialValues(shape: number[], seed: number, fraction = 0.1): tf.Tensor {
  const { below, pick } = seededRandom(seed * 7919 + 1);
  const length = tf.util.sizeFromShape(shape);
  const sample = () => (below(1e6) < 1e6 * fraction ? pick(SPECIAL_VALUES) : below(8000) / 1000 - 4);
  return tf.tensor(Float32Array.from({ length }, sample), shape);
}

/** Values that differ, as `index: actual, expected`, at most three. */
function differences(
  actual: Float32Array,
  expected: Float32Array,
  isSame: (a: number, b: number) => boolean,
): string[] {
  const indices = [...expected.keys()].filter((i) => !isSame(actual[i], expected[i]));
  return indices.slice(0, 3).map((i) => `${i}: ${actual[i]}, ${expected[i]}`);
}

/** The arrays have NaN and infinities at the same indices. */
export function expectSameNonFinite(actual: Float32Array, expected: Float32Array, name: string): void {
  const isSame = (a: number, b: number) => (Number.isFinite(b) ? Number.isFinite(a) : Object.is(a, b));
  expect(differences(actual, expected, isSame), name).toEqual([]);
}

/** The actual array has at least the NaN of the expected one, and is not finite where that is infinite. */
export function expectAtLeastNaN(actual: Float32Array, expected: Float32Array, name: string): void {
  const isSame = (a: number, b: number) => Number.isFinite(b) || Number.isNaN(a) || Object.is(a, b);
  expect(differences(actual, expected, isSame), name).toEqual([]);
}

/** A function of tensors of these shapes. */
export interface Program {
  shapes: number[][];
  f: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Of special values. */
  fraction?: number;
  /** Whether gradients are compared too. Default true. */
  hasGradients?: boolean;
}

/** The result, and the gradients of all inputs for a dy with special values, by name. */
function compute({ shapes, f, fraction, hasGradients = true }: Program): Record<string, Float32Array> {
  return tf.tidy(() => {
    const inputs = shapes.map((shape, i) => withSpecialValues(shape, i + 1, fraction));
    const y = f(...inputs);
    const gradients = hasGradients ? tf.grads(f)(inputs, withSpecialValues(y.shape, 99, 0.05)) : [];
    const tensors = [
      ['y', y] as const,
      ...gradients.map((gradient, i) => [`gradient ${i}`, gradient] as const),
    ];
    return Object.fromEntries(tensors.map(([name, tensor]) => [name, tensor.dataSync<'float32'>()]));
  });
}

/** Ways to compute the same: setters of options of the backend, by name. */
type Variants = Record<string, () => void | Promise<void>>;

export const THREADS: Variants = Object.fromEntries(
  [1, 2, 3].map((count) => [`${count} threads`, () => setThreadsCount(count)]),
);

/** Compares programs on simd, in each variant, with the cpu backend. */
export async function compareNonFinite(
  programs: Record<string, Program>,
  compare: (actual: Float32Array, expected: Float32Array, name: string) => void,
  variants: Variants = { '': () => {} },
): Promise<void> {
  const computeAll = () =>
    Object.entries(programs).map(([name, program]) => [name, compute(program)] as const);
  await tf.setBackend('cpu');
  const expected = computeAll();
  await tf.setBackend('simd');
  for (const [variant, set] of Object.entries(variants)) {
    await set();
    computeAll().forEach(([name, results], i) => {
      for (const [key, values] of Object.entries(results))
        compare(values, expected[i][1][key], [name, key, variant].join(', '));
    });
  }
}
