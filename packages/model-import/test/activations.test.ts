import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { activationFor, activationObject } from '../src/activations.js';
import { registerKerasLayers } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerKerasLayers();
});

const NAMES =
  'celu exponential gelu_tanh glu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu log_sigmoid soft_shrink sparse_plus sparse_sigmoid squareplus tanh_shrink';

describe('the gradient of an activation that TensorFlow.js has not', () => {
  it.each(NAMES.split(' '))('is the slope of its values: %s', (name) => {
    const activation = activationObject(activationFor(name, 3)!);
    const total = (x: tf.Tensor) => tf.sum(activation.apply(x)) as tf.Scalar;
    // No value is where one of them bends.
    const values = [-3.3, -1.7, -0.8, -0.2, 0.3, 0.7, 1.4, 3.6];
    const step = 1e-2;
    tf.tidy(() => {
      const found = tf.grad(total)(tf.tensor(values)).dataSync();
      values.forEach((_, at) => {
        const [more, less] = [step, -step].map(
          (by) => total(tf.tensor(values.map((value, i) => (i === at ? value + by : value)))).dataSync()[0],
        );
        expect(Math.abs(found[at] - (more - less) / (2 * step))).toBeLessThan(1e-2);
      });
    });
  });
});
