import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { correctGradients } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  correctGradients();
});

const OPERATIONS: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  mod: tf.mod,
  atan2: tf.atan2,
  pow: tf.pow,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  prelu: tf.prelu,
};

it.each(Object.entries(OPERATIONS))(
  '%s broadcast to a dimension of size 0 has the gradient 0, the sum of nothing',
  (_, operation) => {
    tf.tidy(() => {
      const gradients = tf.grads((a, b) => operation(a, b))([tf.zeros([0, 2, 1]), tf.ones([1, 1, 1])]);
      expect(gradients.map(({ shape }) => shape)).toEqual([
        [0, 2, 1],
        [1, 1, 1],
      ]);
      expect([...gradients[1].dataSync()]).toEqual([0]);
    });
  },
);

/** The shapes of images and filters with a dimension of size 0. */
const EMPTY: readonly (readonly [x: number[], filter: number[]])[] = [
  [
    [0, 5, 5, 2],
    [3, 3, 2, 4],
  ],
  [
    [1, 5, 5, 0],
    [3, 3, 0, 4],
  ],
  [
    [1, 5, 5, 2],
    [3, 3, 2, 0],
  ],
];

it.each(EMPTY)('a dilated convolution of %j by %j has gradients 0 of their shapes', (xShape, filterShape) => {
  tf.tidy(() => {
    const inputs = [tf.ones(xShape), tf.ones(filterShape)];
    const convolve = (x: tf.Tensor, w: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same', 'NHWC', 2);
    const gradients = tf.grads(convolve)(inputs);
    expect(gradients.map(({ shape }) => shape)).toEqual([xShape, filterShape]);
    for (const gradient of gradients) expect([...gradient.dataSync()].every((v) => v === 0)).toBe(true);
  });
});
