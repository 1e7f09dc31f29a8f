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
