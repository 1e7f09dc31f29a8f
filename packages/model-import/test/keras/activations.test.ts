import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerKerasLayers } from '../../src/index.js';
import { createActivation, tfjsActivationName } from '../../src/keras/activations.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerKerasLayers();
});

const NAMES = [
  'celu',
  'exponential',
  'gelu_tanh',
  'glu',
  'hard_shrink',
  'hard_sigmoid',
  'hard_silu',
  'hard_tanh',
  'leaky_relu',
  'log_sigmoid',
  'soft_shrink',
  'sparse_plus',
  'sparse_sigmoid',
  'squareplus',
  'tanh_shrink',
];

describe('the gradient of an activation function that TensorFlow.js lacks', () => {
  it.each(NAMES)('is the slope of its values: %s', (name) => {
    const activation = createActivation(tfjsActivationName(name, 3)!);
    const sumOfOutputs = (x: tf.Tensor) => tf.sum(activation.apply(x)) as tf.Scalar;
    // None of the functions has a kink at these values.
    const values = [-3.3, -1.7, -0.8, -0.2, 0.3, 0.7, 1.4, 3.6];
    const step = 1e-2;
    tf.tidy(() => {
      const gradient = tf.grad(sumOfOutputs)(tf.tensor(values)).dataSync();
      values.forEach((_, i) => {
        const [above, below] = [step, -step].map((change) => {
          const changed = values.map((value, k) => (k === i ? value + change : value));
          return sumOfOutputs(tf.tensor(changed)).dataSync()[0];
        });
        expect(Math.abs(gradient[i] - (above - below) / (2 * step))).toBeLessThan(1e-2);
      });
    });
  });
});
