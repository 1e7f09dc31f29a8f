import { readFileSync } from 'node:fs';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { inputValues } from '../reference.js';

interface Reference {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  /** Of the sum of the values, each times its hash, with respect to the input. */
  readonly gradient: readonly number[];
}

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
/** Of Keras: make-operations.py. */
const references = Object.entries(
  JSON.parse(new TextDecoder().decode(fixture('operations.json'))) as Record<string, Reference>,
);
const INPUT: [number, number, number, number] = [2, 6, 5, 4];
const hashed = (shape: readonly number[]) => tf.tensor(inputValues([...shape], 0), [...shape]);

const largestDifference = (actual: ArrayLike<number>, expected: readonly number[]) =>
  actual.length === expected.length
    ? Math.max(...expected.map((value, i) => Math.abs(value - actual[i]) / Math.max(1, Math.abs(value))))
    : Infinity;

beforeAll(async () => {
  await tf.setBackend('simd');
  await tf.ready();
});

describe.each(['operations.keras', 'operations.h5'])('the operations of keras.ops in %s', (fileName) => {
  let model: tf.LayersModel;
  beforeAll(async () => {
    ({ model } = await importKeras(fixture(fileName), { fileName }));
    return () => model.dispose();
  });

  it.each(references.map(([name, reference], i) => [name, i, reference] as const))(
    'compute what Keras does, with its gradient, within 1e-5: %s',
    (_, i, { shape, values, gradient }) => {
      const compute = (x: tf.Tensor) => (model.apply(x) as tf.Tensor[])[i];
      const [actual, derivative] = tf.tidy(() => {
        const output = compute(hashed(INPUT));
        const sum = (x: tf.Tensor) => tf.sum(tf.mul(compute(x), hashed(shape))).asScalar();
        return [output, tf.grad(sum)(hashed(INPUT))];
      });
      expect(actual.shape).toEqual(shape);
      expect(largestDifference(actual.dataSync(), values)).toBeLessThan(1e-5);
      expect(largestDifference(derivative.dataSync(), gradient)).toBeLessThan(1e-5);
      tf.dispose([actual, derivative]);
    },
  );
});
