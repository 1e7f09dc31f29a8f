import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { correctGradients } from '../src/index.js';
import { BACKENDS, expectGradients, useBackend } from './support/expect-gradients.js';
import { randomArray } from './support/nd-array.js';
import { pool, type Padding, type Windows } from './support/windows.js';

beforeAll(correctGradients);

type Size = [number, number];
type Case2d = [image: Size, size: Size, strides: Size, padding: Padding];

const CASES: readonly Case2d[] = [
  [[5, 5], [2, 2], [2, 2], 'same'],
  [[6, 7], [3, 3], [1, 1], 'same'],
  [[6, 7], [3, 3], [2, 2], 'same'],
  [[5, 8], [2, 3], [1, 2], 'same'],
  [[4, 7], [5, 4], [3, 2], 'same'],
  [[7, 5], [2, 2], [3, 3], 'same'],
  [[6, 5], [3, 3], [2, 2], 1],
  [[4, 7], [5, 5], [1, 1], 2],
  [[7, 4], [4, 4], [3, 3], 2],
  [[6, 7], [3, 2], [2, 2], 'valid'],
];

const windowsOf = ([, size, strides, padding]: Case2d): Windows => ({ size, strides, padding });
const x2d = ([[height, width]]: Case2d) => randomArray([2, height, width, 2], 1);

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(CASES)('average pooling of %j by %j at strides %j, padding %j', (...one) =>
    expectGradients({
      inputs: [x2d(one)],
      operation: (x: tf.Tensor4D) => tf.avgPool(x, one[1], one[2], one[3]),
      reference: (x) => pool(x, windowsOf(one), 'average'),
    }),
  );

  it.each(CASES)('max pooling of %j by %j at strides %j, padding %j', (...one) =>
    expectGradients({
      inputs: [x2d(one)],
      operation: (x: tf.Tensor4D) => tf.maxPool(x, one[1], one[2], one[3]),
      reference: (x) => pool(x, windowsOf(one), 'max'),
    }),
  );

  it.each([
    [[2, 2, 2], [2, 2, 2], 'same'],
    [[3, 3, 3], [1, 1, 1], 'same'],
    [[2, 3, 1], [1, 2, 2], 'same'],
    [[4, 2, 3], [3, 1, 2], 'same'],
    [[2, 3, 2], [2, 1, 2], 'valid'],
    [[3, 3, 3], [2, 2, 2], 1],
  ] as const)('average pooling of a volume by %j at strides %j, padding %j', (size, strides, padding) =>
    expectGradients({
      inputs: [randomArray([1, 4, 5, 3, 2], 2)],
      operation: (x: tf.Tensor5D) => tf.avgPool3d(x, [...size], [...strides], padding),
      reference: (x) => pool(x, { size, strides, padding }, 'average'),
    }),
  );
});

// The wasm backend computes other values in the forward pass.
describe('max pooling of a volume', () => {
  beforeAll(() => useBackend('cpu'));

  it.each([
    [
      [2, 3, 2],
      [1, 2, 2],
    ],
    [
      [1, 2, 3],
      [1, 1, 1],
    ],
    [
      [2, 3, 1],
      [2, 1, 1],
    ],
    [
      [3, 1, 2],
      [1, 2, 1],
    ],
    [
      [2, 2, 2],
      [1, 1, 1],
    ],
  ] as const)('by %j at strides %j', (size, strides) =>
    expectGradients({
      inputs: [randomArray([1, 4, 5, 3, 2], 3)],
      operation: (x: tf.Tensor5D) => tf.maxPool3d(x, [...size], [...strides], 'valid'),
      reference: (x) => pool(x, { size, strides, padding: 'valid' }, 'max'),
    }),
  );
});

// The wasm backend ignores the rounding in the forward pass.
describe.each(['floor', 'round', 'ceil'] as const)('with sizes rounded by %s', (rounding) => {
  beforeAll(() => useBackend('cpu'));
  const windows: Windows = { size: [3, 3], strides: [2, 2], padding: 1, round: Math[rounding] };

  it.each(['average', 'max'] as const)('%s pooling', (mode) =>
    expectGradients({
      inputs: [randomArray([1, 6, 7, 2], 4)],
      operation: (x: tf.Tensor4D) =>
        (mode === 'max' ? tf.maxPool : tf.avgPool)(x, [3, 3], [2, 2], 1, rounding),
      reference: (x) => pool(x, windows, mode),
    }),
  );
});

describe('average pooling', () => {
  it.each([
    ['a window before the image', [1, 1], 10, [3, 0, 3, 0]],
    ['a window above the image', [1, 1], 10, [3, 0, 0, 0]],
    ['a window after the image', [2, 2], 6, [-4, 6, -4, 6]],
    ['windows around the image', [1, 1], 7, [3, 5, 3, 5]],
    ['a row of windows before the image', [2, 2], [9, 1], [5, 0, 0, 0]],
  ] as const)('by %s has the gradient 0', async (_, size, strides, [top, bottom, left, right]) => {
    await useBackend('cpu');
    const pad = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    const average = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, [...size], strides as Size, pad as never);
    const gradient = tf.grad(average)(tf.ones([1, 3, 4, 2]));
    expect([...gradient.dataSync()]).toEqual(new Array<number>(24).fill(0));
  });

  it('has a second-order gradient', async () => {
    await useBackend('cpu');
    // f(x) = sum(pool(x)^2) has the gradient 2 P^T P x and the Hessian 2 P^T P.
    const f = (x: tf.Tensor4D) => tf.sum(tf.square(tf.avgPool(x, 2, 2, 'same'))) as tf.Scalar;
    const v = tf.range(1, 10).reshape([1, 3, 3, 1]) as tf.Tensor4D;
    const product = tf.grad((x) => tf.sum(tf.mul(tf.grad(f as never)(x), v)))(tf.ones([1, 3, 3, 1]));
    // The means of v over the windows are 3, 4.5, 7.5 and 9; each value gets twice its part of the mean.
    expect([...product.dataSync()]).toEqual([1.5, 1.5, 4.5, 1.5, 1.5, 4.5, 7.5, 7.5, 18]);
  });

  it('of a window of ones adds up to the number of windows', async () => {
    for (const backend of BACKENDS) {
      await useBackend(backend);
      for (const [height, width] of [
        [5, 5],
        [4, 9],
        [7, 3],
      ]) {
        const mean = (x: tf.Tensor) => tf.sum(tf.avgPool(x as tf.Tensor4D, 3, 2, 'same'));
        const gradient = tf.grad(mean)(tf.ones([1, height, width, 1]));
        expect(tf.sum(gradient).dataSync()[0]).toBeCloseTo(Math.ceil(height / 2) * Math.ceil(width / 2), 5);
      }
    }
  });
});
