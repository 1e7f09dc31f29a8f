import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEncoding } from '../../../src/feature-visualization/parametrization/parametrization.js';
import { randomTensors } from '../random-tensor.js';

const randomTensor = randomTensors();

beforeAll(() => tf.setBackend('cpu'));

/**
 * Filters an image of one channel by 1 / frequency with a direct two-dimensional DFT and its inverse, in
 * float64.
 */
function filterByDft(values: ArrayLike<number>, height: number, width: number): number[] {
  const frequency = (k: number, size: number) => Math.min(k, size - k) / size;
  const result = new Array<number>(height * width).fill(0);
  for (let u = 0; u < height; u++)
    for (let v = 0; v < width; v++) {
      let [re, im] = [0, 0];
      const angle = (y: number, x: number) => 2 * Math.PI * ((u * y) / height + (v * x) / width);
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          re += values[y * width + x] * Math.cos(angle(y, x));
          im -= values[y * width + x] * Math.sin(angle(y, x));
        }
      const radius = Math.hypot(frequency(u, height), frequency(v, width));
      const scale = 1 / Math.max(radius, 1 / Math.max(height, width)) / (height * width);
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          result[y * width + x] += scale * (re * Math.cos(angle(y, x)) - im * Math.sin(angle(y, x)));
    }
  return result;
}

describe('the Fourier encoding', () => {
  it.each([
    [6, 8],
    [5, 7],
    [1, 4],
  ])('of %i x %i scales each wave as a direct DFT and its inverse do', (height, width) => {
    const x = randomTensor(1, height, width, 1);
    const flat = createEncoding([height, width, 1], {
      parametrization: { kind: 'fourier', decay: 0 },
      range: 'free',
    });
    const steep = createEncoding([height, width, 1], { parametrization: { kind: 'fourier' }, range: 'free' });
    const filtered = steep
      .decode(flat.encode(tf.add(x, 0.5)))
      .sub(0.5)
      .dataSync();
    filterByDft(x.dataSync(), height, width).forEach((value, i) => expect(filtered[i]).toBeCloseTo(value, 4));
  });

  it.each(['free', 'sigmoid'] as const)('decodes what it encoded, in color, range %s', (range) => {
    const parametrization = { kind: 'fourier', colors: 'decorrelated' } as const;
    const encoding = createEncoding([6, 5, 3], { parametrization, range });
    const x = tf.add<tf.Tensor4D>(tf.mul(randomTensor(2, 6, 5, 3), 0.9), 0.05);
    const decoded = encoding.decode(encoding.encode(x)).dataSync();
    x.dataSync().forEach((value, i) => expect(decoded[i]).toBeCloseTo(value, 4));
  });

  it('pulls a gradient back as automatic differentiation does', () => {
    const parametrization = { kind: 'fourier', colors: 'decorrelated' } as const;
    const encoding = createEncoding([6, 5, 3], { parametrization, range: 'sigmoid' });
    const [parameters, weights] = [randomTensor(2, 6, 5, 3), randomTensor(2, 6, 5, 3)];
    const expected = tf
      .grad((p) => tf.sum(tf.mul(encoding.decode(p as tf.Tensor4D), weights)))(parameters)
      .dataSync();
    const pulledBack = encoding.pullBack(weights, encoding.decode(parameters)).dataSync();
    expected.forEach((value, i) => expect(pulledBack[i]).toBeCloseTo(value, 5));
  });
});
