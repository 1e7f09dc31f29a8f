import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import '../../src/index.js';
import { expectClose } from '../support/expect-close.js';

beforeAll(() => tf.setBackend('simd'));

it('uses the statistics of the axis, by hand', () => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 1, 2, 2]);
    const y = tf.batchNorm(
      x,
      tf.tensor4d([10, 20], [1, 1, 2, 1]),
      tf.ones([1, 1, 2, 1]) as tf.Tensor4D,
      undefined,
      undefined,
      0,
    );
    expect([...y.dataSync()]).toEqual([-9, -8, -17, -16]);
  });
});

describe('agrees with the definition in float64', () => {
  it.each<[number, number[]]>([
    [1, [3, 5, 4]],
    [1, [2, 3, 4, 5]],
    [2, [2, 3, 4, 5]],
    [3, [2, 3, 4, 5]],
    [1, [64, 32, 33]],
  ])('axis %i of shape %o', (axis, shape) => {
    tf.tidy(() => {
      const channels = shape[axis];
      const layer = tf.layers.batchNormalization({ axis });
      const x = tf.randomNormal(shape, 0, 1, 'float32', 1);
      layer.build(shape);
      const values = [1, 2, 3, 4].map((seed) => tf.randomUniform([channels], 0.5, 2, 'float32', seed));
      layer.setWeights(values);
      const y = layer.apply(x) as tf.Tensor;
      const [gamma, beta, mean, variance] = values.map((tensor) => tensor.dataSync());
      const inner = tf.util.sizeFromShape(shape.slice(axis + 1));
      const expected = Array.from(x.dataSync(), (value, i) => {
        const channel = Math.floor(i / inner) % channels;
        return (
          ((value - mean[channel]) / Math.sqrt(variance[channel] + 1e-3)) * gamma[channel] + beta[channel]
        );
      });
      expectClose([y.dataSync() as Float32Array], [expected], { tolerance: 1e-5 });
      tf.dispose(layer.weights.map((weight) => weight.read()));
    });
  });
});
