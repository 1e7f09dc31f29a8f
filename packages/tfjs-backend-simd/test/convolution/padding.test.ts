import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setGuards, setThreadsCount } from '../../src/index.js';
import { expectClose } from '../support/expect-close.js';

/*
 * Windows that lie in the padding alone, and images that no window reaches: large strides, padding of one side, and
 * padding by a number with a filter that is not square, for which TensorFlow.js computes the width of the output from the
 * height of the filter. The cpu backend is right here.
 */

beforeAll(() => setGuards(true));
afterAll(async () => {
  setGuards(false);
  await setThreadsCount(1);
});

interface Geometry {
  image: [images: number, height: number, width: number, channels: number];
  filter: [height: number, width: number];
  strides?: number | [number, number];
  pad: number | tf.backend_util.ExplicitPadding;
}

const sides = (top: number, bottom: number, left: number, right: number): tf.backend_util.ExplicitPadding => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

const GEOMETRIES: Record<string, Geometry> = {
  'an image to the right of the only window': {
    image: [1, 2, 2, 1],
    filter: [1, 1],
    strides: 10,
    pad: sides(0, 0, 3, 0),
  },
  'images below the only row of windows': {
    image: [3, 2, 2, 5],
    filter: [1, 1],
    strides: 10,
    pad: sides(9, 0, 0, 0),
  },
  'images between two windows': { image: [2, 2, 3, 4], filter: [1, 2], strides: 12, pad: sides(0, 4, 5, 12) },
  'a high filter, padded by a number': { image: [1, 5, 1, 1], filter: [5, 1], pad: 2 },
  'a high filter, padded by a number, of many channels': { image: [2, 6, 2, 16], filter: [5, 1], pad: 2 },
  'a wide filter, padded by a number': { image: [2, 4, 6, 3], filter: [1, 5], pad: 1 },
  'windows in the padding at all corners': { image: [2, 3, 3, 4], filter: [1, 1], pad: 3 },
  'windows in the padding, strides 3': { image: [1, 4, 5, 6], filter: [2, 2], strides: 3, pad: 6 },
  'a cropped image': { image: [1, 6, 6, 16], filter: [3, 3], pad: sides(-1, 0, -2, 0) },
};

const random = (shape: number[], seed: number) => tf.randomUniform(shape, -1, 1, 'float32', seed) as never;

type Operation = (x: tf.Tensor4D, geometry: Geometry) => tf.Tensor;

const OPERATIONS: Record<string, Operation> = {
  conv2d: (x, { filter, strides = 1, pad }) =>
    tf.conv2d(x, random([...filter, x.shape[3], 16], 2), strides, pad as never),
  depthwiseConv2d: (x, { filter, strides = 1, pad }) =>
    tf.depthwiseConv2d(x, random([...filter, x.shape[3], 2], 2), strides, pad as never),
  maxPool: (x, { filter, strides = 1, pad }) => tf.maxPool(x, filter, strides, pad as never),
  avgPool: (x, { filter, strides = 1, pad }) => tf.avgPool(x, filter, strides, pad as never),
};

/** The result, NaN and infinities as text, and the gradient of x. */
function compute(operation: Operation, geometry: Geometry) {
  return tf.tidy(() => {
    const f = (x: tf.Tensor) => operation(x as tf.Tensor4D, geometry);
    const x: tf.Tensor = random(geometry.image, 1);
    const y = f(x);
    const dx = tf.grad(f)(x, random(y.shape, 3));
    const values = y.dataSync<'float32'>();
    return {
      special: Array.from(values, (value) => (Number.isFinite(value) ? '' : String(value))),
      finite: [values.filter(Number.isFinite), dx.dataSync<'float32'>()],
    };
  });
}

const CASES = Object.entries(GEOMETRIES).flatMap(([geometryName, geometry]) =>
  Object.entries(OPERATIONS).map(([name, operation]) => [name, geometryName, operation, geometry] as const),
);

describe.each([1, 3])('with %i threads', (threads) => {
  beforeAll(async () => {
    await tf.setBackend('simd');
    await setThreadsCount(threads);
  });

  it.each(CASES)('%s of %s is that of the cpu backend', async (_, __, operation, geometry) => {
    await tf.setBackend('cpu');
    const expected = compute(operation, geometry);
    await tf.setBackend('simd');
    const actual = compute(operation, geometry);
    expect(actual.special).toEqual(expected.special);
    expectClose(actual.finite, expected.finite, { tolerance: 1e-5, names: ['y', 'dx'] });
  });
});
