import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { correctGradients } from '../src/index.js';
import { BACKENDS, expectGradients, useBackend } from './support/expect-gradients.js';
import { randomArray } from './support/nd-array.js';
import {
  convolve,
  convolveDepthwise,
  convolveTransposed,
  type Padding,
  type Windows,
} from './support/windows.js';

beforeAll(correctGradients);

type Pair = [number, number];
type Case2d = [filter: Pair, strides: Pair, dilations: Pair, padding: Padding];

const CASES: readonly Case2d[] = [
  [[3, 3], [1, 1], [2, 2], 'valid'],
  [[3, 3], [1, 1], [2, 2], 'same'],
  [[2, 3], [1, 1], [3, 2], 'same'],
  [[3, 2], [1, 1], [1, 3], 'valid'],
  [[3, 3], [1, 1], [2, 2], 2],
  [[2, 2], [1, 1], [5, 4], 'same'],
  [[3, 3], [2, 2], [1, 1], 'same'],
  [[3, 3], [2, 1], [1, 1], 'valid'],
  [[3, 3], [2, 2], [1, 1], 1],
  [[3, 2], [1, 1], [1, 1], 'same'],
  // Of these windows few, or none, reach the image.
  [[2, 2], [9, 8], [1, 1], 3],
  [[1, 1], [12, 12], [1, 1], 3],
];

const windowsOf = ([size, strides, dilations, padding]: Case2d): Windows => ({
  size,
  strides,
  dilations,
  padding,
});
const x2d = () => randomArray([1, 7, 6, 2], 1);

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(CASES)('a convolution by %j, strides %j, dilations %j, padding %j', (...one) =>
    expectGradients({
      inputs: [x2d(), randomArray([...one[0], 2, 2], 2)],
      operation: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2d(x, w, one[1], one[3], 'NHWC', one[2]),
      reference: (x, w) => convolve(x, w, windowsOf(one)),
    }),
  );

  it.each(CASES)('a depthwise convolution by %j, strides %j, dilations %j, padding %j', (...one) =>
    expectGradients({
      inputs: [x2d(), randomArray([...one[0], 2, 2], 3)],
      operation: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.depthwiseConv2d(x, w, one[1], one[3], 'NHWC', one[2]),
      reference: (x, w) => convolveDepthwise(x, w, windowsOf(one)),
    }),
  );

  it.each([
    [[3, 3], [2, 2], 'same', [6, 8]],
    [[3, 2], [2, 3], 'valid', [7, 11]],
    [[2, 2], [3, 3], 'valid', [8, 11]],
    [[4, 4], [3, 3], 'same', [9, 12]],
    [[3, 3], [1, 1], 'same', [3, 4]],
  ] as const)('a transposed convolution by %j, strides %j, padding %s', (size, strides, padding, output) =>
    expectGradients({
      inputs: [randomArray([1, 3, 4, 2], 4), randomArray([...size, 3, 2], 5)],
      operation: (x: tf.Tensor4D, w: tf.Tensor4D) =>
        tf.conv2dTranspose(x, w, [1, ...output, 3], [...strides], padding),
      reference: (x, w) => convolveTransposed(x, w, { size, strides, padding }, output),
    }),
  );

  it.each([
    [[2, 2, 2], [1, 1, 1], [2, 2, 2], 'same'],
    [[2, 3, 1], [1, 1, 1], [2, 1, 1], 'valid'],
    [[2, 2, 2], [1, 1, 1], [1, 3, 2], 'same'],
    [[2, 3, 2], [2, 2, 2], [1, 1, 1], 'same'],
    [[3, 2, 2], [1, 2, 1], [1, 1, 1], 'valid'],
  ] as const)(
    'of a volume by %j, strides %j, dilations %j, padding %s',
    (size, strides, dilations, padding) =>
      expectGradients({
        inputs: [randomArray([1, 4, 5, 4, 2], 6), randomArray([...size, 2, 2], 7)],
        operation: (x: tf.Tensor5D, w: tf.Tensor5D) =>
          tf.conv3d(x, w, [...strides], padding, 'NDHWC', [...dilations]),
        reference: (x, w) => convolve(x, w, { size, strides, dilations, padding }),
      }),
  );

  it('a dilated layer, and any layer, can be trained', async () => {
    const layers = [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2, inputShape: [8, 7, 2] }),
      tf.layers.depthwiseConv2d({ kernelSize: 2 }),
      tf.layers.separableConv2d({ filters: 4, kernelSize: 2, dilationRate: 2, padding: 'same' }),
      tf.layers.conv2d({ filters: 2, kernelSize: 2, activation: 'relu' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ];
    const model = tf.sequential({ layers });
    model.compile({ optimizer: tf.train.sgd(0.02), loss: 'meanSquaredError' });
    const [x, y] = [tf.linspace(-1, 1, 4 * 112).reshape([4, 8, 7, 2]), tf.tensor2d([1, -1, 2, 0], [4, 1])];
    const first = await model.trainOnBatch(x, y);
    for (let step = 0; step < 4; step++) await model.trainOnBatch(x, y);
    expect((await model.trainOnBatch(x, y)) as number).toBeLessThan(first as number);
  });
});

describe('on cpu', () => {
  beforeAll(() => useBackend('cpu'));

  // The wasm backend computes other values in the forward pass.
  it.each([
    [[3, 2, 2], [2, 2, 2], 'same', [4, 6, 4]],
    [[2, 2, 2], [1, 1, 1], 'same', [2, 3, 2]],
    [[2, 3, 2], [2, 1, 1], 'valid', [4, 5, 3]],
    [[1, 2, 3], [1, 2, 1], 'valid', [2, 6, 4]],
    [[3, 3, 3], [2, 2, 2], 'same', [4, 6, 4]],
  ] as const)('a transposed convolution of a volume by %j, strides %j, padding %s', (...one) => {
    const [size, strides, padding, output] = one;
    expectGradients({
      inputs: [randomArray([1, 2, 3, 2, 2], 8), randomArray([...size, 1, 2], 9)],
      operation: (x: tf.Tensor5D, w: tf.Tensor5D) =>
        tf.conv3dTranspose(x, w, [1, ...output, 1], [...strides], padding),
      reference: (x, w) => convolveTransposed(x, w, { size, strides, padding }, output),
    });
  });

  it.each(['floor', 'round', 'ceil'] as const)('a convolution with sizes rounded by %s', (rounding) => {
    const windows: Windows = { size: [3, 3], strides: [2, 2], padding: 1, round: Math[rounding] };
    expectGradients({
      inputs: [randomArray([1, 6, 7, 2], 10), randomArray([3, 3, 2, 2], 11)],
      operation: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2d(x, w, 2, 1, 'NHWC', 1, rounding),
      reference: (x, w) => convolve(x, w, windows),
    });
  });

  it('a dilated convolution has a second-order gradient', () => {
    const w = tf.linspace(-1, 1, 8).reshape([2, 2, 1, 2]) as tf.Tensor4D;
    const f = (x: tf.Tensor) =>
      tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, w, 1, 'same', 'NHWC', 2))) as tf.Scalar;
    // f is quadratic, so that the gradient of x . grad f(x) is 2 grad f(x).
    const x = tf.linspace(0.1, 1, 20).reshape([1, 4, 5, 1]);
    const product = tf
      .grad((y) => tf.sum(tf.mul(y, tf.grad(f)(y))))(x)
      .dataSync();
    tf.grad(f)(x)
      .dataSync()
      .forEach((value, i) => expect(product[i]).toBeCloseTo(2 * value, 4));
  });
});
