import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setThreadsCount } from '../../src/index.js';
import { seededRandom } from '../support/expect-close.js';

/* A tensor of type bool holds bytes. Any byte but 0 is true, as in NumPy: a mask may be an image of gray levels. */

beforeAll(() => tf.setBackend('simd'));
afterAll(async () => {
  await setThreadsCount(1);
  await tf.setBackend('cpu');
});

const { below, pick } = seededRandom(11);
const bytes = (length: number) =>
  Uint8Array.from({ length }, () => pick([0, 0, 1, 2, 127, 128, 255, below(256)]));
const bools = (values: ArrayLike<number>, shape: number[] = [values.length]) =>
  tf.tensor(Uint8Array.from(values), shape, 'bool');
const read = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

const OPERATIONS: [string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, (a: boolean, b: boolean) => boolean][] =
  [
    ['and', tf.logicalAnd, (a, b) => a && b],
    ['or', tf.logicalOr, (a, b) => a || b],
    ['xor', tf.logicalXor, (a, b) => a !== b],
    ['not', (a) => tf.logicalNot(a), (a) => !a],
  ];

describe.each([1, 2, 3])('%i threads:', (count) => {
  beforeAll(() => setThreadsCount(count));

  it.each(OPERATIONS)(
    'any byte but 0 is true in logical %s, and the result is 0 or 1',
    (_, operation, define) => {
      for (const length of [1, 3, 16, 1037]) {
        const [a, b] = [bytes(length), bytes(length)];
        const expected = Array.from(a, (value, i) => Number(define(value !== 0, b[i] !== 0)));
        expect(tf.tidy(() => read(operation(bools(a), bools(b))))).toEqual(expected);
      }
    },
  );

  it.each(['float32', 'int32', 'bool'] as const)(
    'any byte but 0 selects the first of two %s tensors',
    (dtype) => {
      for (const length of [1, 2, 3, 4, 5, 18, 20_003]) {
        const condition = bytes(length);
        const [t, e] = dtype === 'bool' ? [1, 0] : [7, -3];
        const expected = Array.from(condition, (value) => (value ? t : e));
        tf.tidy(() => {
          const y = tf.where(
            bools(condition),
            tf.fill([length], t, dtype as 'int32'),
            tf.fill([length], e, dtype as 'int32'),
          );
          expect(y.dtype).toBe(dtype);
          expect(read(y).join()).toBe(expected.join());
        });
      }
    },
  );
});

it('the case of a mask of gray levels', () => {
  const mask = bools(Uint8Array.of(2, 128, 0, 255));
  const ones = bools(Uint8Array.of(1, 1, 1, 1));
  tf.tidy(() => {
    expect(read(tf.logicalAnd(mask, ones))).toEqual([1, 1, 0, 1]);
    expect(read(tf.logicalAnd(ones, mask))).toEqual([1, 1, 0, 1]);
    expect(read(tf.logicalOr(mask, tf.logicalNot(ones)))).toEqual([1, 1, 0, 1]);
    expect(read(tf.where(mask, tf.ones([4]), tf.zeros([4])))).toEqual([1, 1, 0, 1]);
  });
});

it('combines masks that are broadcast', () => {
  tf.tidy(() => {
    const rows = bools(Uint8Array.of(0, 2, 4), [3, 1]);
    const columns = bools(Uint8Array.of(0, 1, 8), [1, 3]);
    expect(read(tf.logicalAnd(rows, columns)).map(Boolean)).toEqual([0, 0, 0, 0, 1, 1, 0, 1, 1].map(Boolean));
    expect(read(tf.where(rows, tf.ones([3, 3]), tf.zeros([3, 3])))).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1]);
  });
});

it('all and any are true where every byte, or one, is not 0', () => {
  tf.tidy(() => {
    const x = bools(Uint8Array.of(2, 128, 255, 0, 0, 64, 0, 0, 0), [3, 3]);
    expect(read(tf.all(x, 1)).map(Boolean)).toEqual([true, false, false]);
    expect(read(tf.any(x, 1)).map(Boolean)).toEqual([true, true, false]);
  });
});

it('comparisons, casts to and from bool, and boolean tensors themselves are 0 or 1, as in NumPy', () => {
  tf.tidy(() => {
    const x = tf.tensor1d([0, -2, 0.5, NaN]);
    expect(read(tf.cast(x, 'bool'))).toEqual([0, 1, 1, 1]);
    expect(read(tf.notEqual(x, 0))).toEqual([0, 1, 1, 1]);
    const gray = bytes(3000);
    const truth = Array.from(gray, (byte) => Number(byte !== 0));
    expect(read(bools(gray))).toEqual(truth);
    expect(read(tf.cast(bools(gray), 'float32'))).toEqual(truth);
    expect(read(tf.cast(bools(gray.slice(0, 5)), 'float32'))).toEqual(truth.slice(0, 5));
    expect(read(tf.logicalXor(bools([1, 0, 7, 0]), bools([200, 200, 1, 0])))).toEqual([0, 1, 0, 0]);
    expect(read(tf.logicalXor(bools([1]), bools([200, 0])))).toEqual([0, 1]);
  });
});
