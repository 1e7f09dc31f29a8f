import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { warp } from '../../../src/feature-visualization/transformations/warp.js';
import { randomTensors } from '../random-tensor.js';

const randomTensor = randomTensors();

beforeAll(() => tf.setBackend('cpu'));

describe('warp', () => {
  const [height, width] = [7, 9];
  /** An image that is a linear function of the position, which linear interpolation keeps exactly. */
  const ramp = (a: number, b: number) =>
    tf.tensor4d(
      Float32Array.from({ length: height * width }, (_, i) => a * Math.floor(i / width) + b * (i % width)),
      [1, height, width, 1],
    );

  it.each([
    [20, 1],
    [-10, 1.1],
    [0, 0.9],
    [0, 1],
  ])('rotates by %f degrees and scales by %f about the center', (degrees, scale) => {
    const [cos, sin] = [Math.cos, Math.sin].map((f) => f((degrees * Math.PI) / 180) / scale);
    const out = warp(ramp(2, 3), { degrees, scale }).dataSync();
    for (let y = 2; y < 5; y++)
      for (let x = 3; x < 6; x++) {
        const [v, u] = [y - 3, x - 4];
        const expected = 2 * (3 + cos * v - sin * u) + 3 * (4 + sin * v + cos * u);
        expect(out[y * width + x]).toBeCloseTo(expected, 4);
      }
  });

  it('rotates clockwise', () => {
    const dot = tf.tensor4d([0, 1, 0, 0, 0, 0, 0, 0, 0], [1, 3, 3, 1]);
    const out = warp(dot, { degrees: 40 }).dataSync();
    expect(out[2]).toBeGreaterThan(out[0] + 0.2);
  });

  it('has the gradient of its finite differences', () => {
    const weights = randomTensor(1, height, width, 1);
    const f = (x: tf.Tensor4D) => tf.sum(tf.mul(warp(x, { degrees: 17, scale: 1.05 }), weights));
    const x = randomTensor(1, height, width, 1);
    const gradient = tf
      .grad((y) => f(y as tf.Tensor4D))(x)
      .dataSync();
    const values = x.dataSync();
    for (let i = 0; i < values.length; i += 5) {
      const changedBy = (difference: number) => {
        const changed = Float32Array.from(values);
        changed[i] += difference;
        return f(tf.tensor4d(changed, x.shape)).dataSync()[0];
      };
      expect(gradient[i]).toBeCloseTo((changedBy(0.5) - changedBy(-0.5)) / 1, 4);
    }
  });
});
