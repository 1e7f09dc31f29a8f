import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SimdBackend } from '../../src/backend.js';
import '../../src/index.js';

const backend = () => tf.backend() as unknown as SimdBackend;

beforeAll(async () => {
  await tf.setBackend('simd');
});
afterEach(() => vi.restoreAllMocks());

/** The WebAssembly kernels that an operation calls; none where a kernel of the cpu backend computes it. */
function kernelsOf(operation: () => tf.Tensor): string[] {
  const calls = vi.spyOn(backend().threadPool, 'dispatch');
  tf.tidy(() => void operation().dataSync());
  return calls.mock.calls.map(([name]) => name);
}

const ones = (...shape: number[]) => tf.ones(shape);

/** Results are compared with those of the cpu backend elsewhere; here counts what computes them. */
describe('the kernels of the backend compute', () => {
  it.each<[string, () => tf.Tensor, string[]]>([
    ['a sum over the last axis', () => tf.sum(ones(4, 5), 1), ['reduceRowsSum']],
    ['a sum over the first axis', () => tf.sum(ones(4, 5), 0), ['reduceColumnsSum', 'combineColumnsSum']],
    ['a sum over all axes', () => tf.sum(ones(4, 5, 6)), ['reduceRowsSum']],
    ['a sum over axes around one of size 1', () => tf.sum(ones(3, 4, 1, 5), [1, 3]), ['reduceRowsSum']],
    [
      'a sum over axes with one of size 1 at the end',
      () => tf.sum(ones(3, 4, 1), [0, 2]),
      ['reduceColumnsSum', 'combineColumnsSum'],
    ],
    [
      'a mean over an axis of size 1',
      () => tf.mean(ones(3, 1, 5), 1),
      ['reduceColumnsSum', 'combineColumnsSum'],
    ],
    ['a maximum over axes around one of size 1', () => tf.max(ones(2, 1, 3), [0, 2]), ['reduceRowsMax']],
    ['a minimum over axes around two of size 1', () => tf.min(ones(2, 1, 1, 3), [0, 3]), ['reduceRowsMin']],
    [
      'a sum over axes that are not contiguous, in two steps',
      () => tf.sum(ones(2, 3, 4), [0, 2]),
      ['reduceRowsSum', 'reduceColumnsSum', 'combineColumnsSum'],
    ],
    [
      'a padding',
      () =>
        tf.pad(ones(2, 3, 4), [
          [0, 0],
          [1, 1],
          [1, 2],
        ]),
      ['fill', 'stridedCopy'],
    ],
    [
      'a padding of an image',
      () =>
        tf.pad(ones(2, 3, 4, 3), [
          [0, 0],
          [1, 1],
          [1, 2],
          [0, 0],
        ]),
      ['fill', 'stridedCopy'],
    ],
    ['a slice', () => tf.slice(ones(4, 5, 6), [1, 1, 1], [2, 3, 4]), ['stridedCopy']],
    ['a slice of rows', () => tf.slice(ones(4, 5), [1, 0], [2, 5]), ['stridedCopy']],
    [
      'a concatenation of channels',
      () => tf.concat([ones(2, 3, 4), ones(2, 3, 2)], 2),
      ['stridedCopy', 'stridedCopy'],
    ],
    ['a concatenation of rows', () => tf.concat([ones(2, 3), ones(4, 3)], 0), ['stridedCopy', 'stridedCopy']],
    ['a tile', () => tf.tile(ones(2, 3), [2, 2]), ['stridedCopy']],
    ['a transposition', () => tf.transpose(ones(4, 5, 6), [2, 0, 1]), ['transposePlanes']],
  ])('%s', (_, operation, kernels) => {
    expect(kernelsOf(operation)).toEqual(kernels);
  });
});
