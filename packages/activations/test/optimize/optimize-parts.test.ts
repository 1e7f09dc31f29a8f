import * as tf from '@tensorflow/tfjs';
import { randomAt } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { exactInputs } from '../../src/index.js';
import { blur } from '../../src/optimize/blur.js';
import { clipContribution, clipNorm } from '../../src/optimize/clip.js';
import { lpPenalty } from '../../src/optimize/lp-penalty.js';
import { createEncoding } from '../../src/optimize/parametrization.js';
import { percentile } from '../../src/optimize/percentile.js';
import { roll } from '../../src/optimize/roll.js';
import { totalVariation } from '../../src/optimize/total-variation.js';
import { warp } from '../../src/optimize/warp.js';
import { sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const random = randomAt(5, 'parts');
const image = (...shape: [number, number, number, number]) =>
  tf.tensor4d(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, random), shape);

/** Filters a plane by 1 / frequency through a direct two-dimensional DFT and its inverse, in float64. */
function filterByDft(plane: ArrayLike<number>, height: number, width: number): number[] {
  const frequency = (k: number, size: number) => Math.min(k, size - k) / size;
  const result = new Array<number>(height * width).fill(0);
  for (let u = 0; u < height; u++)
    for (let v = 0; v < width; v++) {
      let [re, im] = [0, 0];
      const angle = (y: number, x: number) => 2 * Math.PI * ((u * y) / height + (v * x) / width);
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          re += plane[y * width + x] * Math.cos(angle(y, x));
          im -= plane[y * width + x] * Math.sin(angle(y, x));
        }
      const radius = Math.hypot(frequency(u, height), frequency(v, width));
      const scale = 1 / Math.max(radius, 1 / Math.max(height, width)) / (height * width);
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          result[y * width + x] += scale * (re * Math.cos(angle(y, x)) - im * Math.sin(angle(y, x)));
    }
  return result;
}

describe('the Fourier basis', () => {
  it.each([
    [6, 8],
    [5, 7],
    [1, 4],
  ])('of %i x %i scales each wave as a direct DFT and its inverse do', (height, width) => {
    const x = image(1, height, width, 1);
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

  it.each(['free', 'sigmoid'] as const)('gives back the image it was given, in colour, range %s', (range) => {
    const parametrization = { kind: 'fourier', colours: 'decorrelated' } as const;
    const encoding = createEncoding([6, 5, 3], { parametrization, range });
    const x = tf.add<tf.Tensor4D>(tf.mul(image(2, 6, 5, 3), 0.9), 0.05);
    const back = encoding.decode(encoding.encode(x)).dataSync();
    x.dataSync().forEach((value, i) => expect(back[i]).toBeCloseTo(value, 4));
  });

  it('pulls a gradient back as automatic differentiation does', () => {
    const parametrization = { kind: 'fourier', colours: 'decorrelated' } as const;
    const encoding = createEncoding([6, 5, 3], { parametrization, range: 'sigmoid' });
    const [parameters, weights] = [image(2, 6, 5, 3), image(2, 6, 5, 3)];
    const expected = tf
      .grad((p) => tf.sum(tf.mul(encoding.decode(p as tf.Tensor4D), weights)))(parameters)
      .dataSync();
    const pulled = encoding.pullBack(weights, encoding.decode(parameters)).dataSync();
    expected.forEach((value, i) => expect(pulled[i]).toBeCloseTo(value, 5));
  });
});

describe('total variation and Lp', () => {
  it('are what their definitions say, for each image', () => {
    const x = image(2, 4, 5, 3);
    const at = x.arraySync();
    at.forEach((rows, n) => {
      let [variation, power] = [0, 0];
      rows.forEach((row, y) =>
        row.forEach((pixel, column) =>
          pixel.forEach((value, c) => {
            power += Math.abs(value - 0.25) ** 6 / 60;
            if (y > 0) variation += Math.abs(value - rows[y - 1][column][c]) / 60;
            if (column > 0) variation += Math.abs(value - row[column - 1][c]) / 60;
          }),
        ),
      );
      expect(totalVariation(x).dataSync()[n]).toBeCloseTo(variation, 5);
      expect(lpPenalty(x, { p: 6, origin: 0.25 }).dataSync()[n]).toBeCloseTo(power, 5);
    });
  });
});

describe('roll', () => {
  it('moves by whole pixels, and what leaves enters on the other side', () => {
    const x = image(2, 4, 5, 2);
    const at = x.arraySync();
    const moved = roll(x, { rows: 1, columns: -7 }).arraySync();
    moved.forEach((rows, n) =>
      rows.forEach((row, y) =>
        row.forEach((pixel, column) => expect(pixel).toEqual(at[n][(y + 3) % 4][(column + 7) % 5])),
      ),
    );
  });
});

describe('warp', () => {
  const [height, width] = [7, 9];
  /** An image whose value is a linear function of the place, which linear interpolation keeps exactly. */
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
  ])('turns by %f degrees and magnifies by %f about the centre', (degrees, scale) => {
    const [cos, sin] = [Math.cos, Math.sin].map((f) => f((degrees * Math.PI) / 180) / scale);
    const out = warp(ramp(2, 3), { degrees, scale }).dataSync();
    for (let y = 2; y < 5; y++)
      for (let x = 3; x < 6; x++) {
        const [v, u] = [y - 3, x - 4];
        const expected = 2 * (3 + cos * v - sin * u) + 3 * (4 + sin * v + cos * u);
        expect(out[y * width + x]).toBeCloseTo(expected, 4);
      }
  });

  it('turns clockwise', () => {
    const dot = tf.tensor4d([0, 1, 0, 0, 0, 0, 0, 0, 0], [1, 3, 3, 1]);
    const out = warp(dot, { degrees: 40 }).dataSync();
    expect(out[2]).toBeGreaterThan(out[0] + 0.2);
  });

  it('has the gradient of its finite differences', () => {
    const weights = image(1, height, width, 1);
    const f = (x: tf.Tensor4D) => tf.sum(tf.mul(warp(x, { degrees: 17, scale: 1.05 }), weights));
    const x = image(1, height, width, 1);
    const gradient = tf
      .grad((y) => f(y as tf.Tensor4D))(x)
      .dataSync();
    const values = x.dataSync();
    for (let i = 0; i < values.length; i += 5) {
      const change = (by: number) => {
        const next = Float32Array.from(values);
        next[i] += by;
        return f(tf.tensor4d(next, x.shape)).dataSync()[0];
      };
      expect(gradient[i]).toBeCloseTo((change(0.5) - change(-0.5)) / 1, 4);
    }
  });
});

describe('the corrections', () => {
  it('blur by a Gaussian kernel whose edge goes on: a dot becomes the kernel', () => {
    const dot = tf.tensor4d([0, 0, 0, 0, 1, 0, 0, 0, 0], [1, 3, 3, 1]);
    const side = Math.exp(-1 / (2 * 0.8 ** 2));
    const line = [side, 1, side].map((weight) => weight / (1 + 2 * side));
    const out = blur(dot, { size: 3 }).dataSync();
    line.forEach((a, y) => line.forEach((b, x) => expect(out[3 * y + x]).toBeCloseTo(a * b, 6)));
    const even = blur(tf.fill([1, 4, 5, 3], 0.3), { size: 5 }).dataSync();
    even.forEach((value) => expect(value).toBeCloseTo(0.3, 6));
  });

  it('set to the origin what lies nearest to it, and what matters least', async () => {
    const x = tf.tensor4d([0.5, 0.6, 0.9, 0.1], [1, 2, 2, 1]);
    const gradient = tf.tensor4d([9, 9, -0.1, 9], [1, 2, 2, 1]);
    const step = { image: x, gradient, origin: 0.5 };
    const near = (await clipNorm(step, { percent: 50 })).dataSync();
    [0.5, 0.5, 0.9, 0.1].forEach((value, i) => expect(near[i]).toBeCloseTo(value, 6));
    const least = (await clipContribution(step, { percent: 50 })).dataSync();
    [0.5, 0.6, 0.5, 0.1].forEach((value, i) => expect(least[i]).toBeCloseTo(value, 6));
  });

  it('take percentiles as NumPy does', () => {
    expect(percentile(Float32Array.of(3, 1, 2, 10), 40)).toBeCloseTo(2.2, 6);
    expect(percentile(Float32Array.of(3, 1, 2, 10), 100)).toBe(10);
  });
});

describe('exactInputs', () => {
  it('give each filter the largest answer of all inputs within 0 to 1, before batch norm and ReLU', async () => {
    const model = sequentialModel();
    for (const layer of ['first-conv', 'last-conv'])
      for (const { filter, height, width, channels, values, maximum, layer: name } of await exactInputs(
        model,
        { layer },
      )) {
        const [kernel, bias] = model.getLayer(name).getWeights();
        const answer = (x: ArrayLike<number>) => {
          const input = tf.tensor4d(Float32Array.from(x), [1, height, width, channels]);
          const out = tf.add(tf.conv2d(input, kernel as tf.Tensor4D, 1, 'valid'), bias).dataSync();
          return out[filter];
        };
        expect(answer(values)).toBeCloseTo(maximum, 4);
        for (let k = 0; k < 10; k++) expect(answer(values.map(() => random()))).toBeLessThan(maximum);
        for (let i = 0; i < values.length; i += 7)
          expect(answer(values.map((value, j) => (j === i ? 1 - value : value)))).toBeLessThanOrEqual(
            maximum + 1e-5,
          );
      }
  });

  it('refuses a layer without weights, and a filter that does not exist', async () => {
    await expect(exactInputs(sequentialModel(), { layer: 'pool' })).rejects.toThrow(
      'Expected layer to be one of conv, conv2, scores, got pool',
    );
    await expect(exactInputs(sequentialModel(), { filters: [4] })).rejects.toThrow('from 0 to 3, got 4');
  });
});
