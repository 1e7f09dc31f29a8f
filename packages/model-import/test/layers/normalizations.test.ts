import * as tf from '@tensorflow/tfjs';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { writeHdf5, type Dataset } from '../hdf5/write-hdf5.js';
import { inputValues } from '../input-values.js';

beforeAll(() => tf.setBackend('cpu'));

const encode = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));

/** A layer of a .keras file, with its weights in their order. */
interface SavedLayer {
  readonly className: string;
  readonly group: string;
  readonly config: object;
  readonly weights?: readonly Dataset[];
}

async function outputOf({ className, group, config, weights = [] }: SavedLayer, x: tf.Tensor) {
  const model = {
    class_name: 'Sequential',
    config: {
      name: 'm',
      layers: [
        { class_name: 'InputLayer', config: { name: 'in', batch_shape: [null, ...x.shape.slice(1)] } },
        { class_name: className, config: { name: 'x', ...config } },
      ],
    },
  };
  const vars = Object.fromEntries(weights.map((weight, i) => [i, weight]));
  const tree = {
    children: { layers: { children: { [group]: { children: { vars: { children: vars } } } } } },
  };
  const bytes = zipSync({ 'config.json': encode(model), 'model.weights.h5': writeHdf5(tree) });
  const { model: imported } = await importKeras(bytes, { fileName: 'a.keras' });
  const y = imported.predict(x) as tf.Tensor;
  imported.dispose();
  return [...y.dataSync()];
}

const values = (size: number, seed: number) => inputValues([size], seed).map((value) => 3 * value - 1);
const input = (shape: number[], seed = 1) =>
  tf.tensor(
    values(
      shape.reduce((product, size) => product * size, 1),
      seed,
    ),
    shape,
  );
const weight = (size: number, seed: number): Dataset => ({ shape: [size], values: values(size, seed) });

function expectClose(actual: readonly number[], expected: readonly number[]) {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-5));
}

describe('GroupNormalization', () => {
  it.each([
    [2, 1e-3, true, true],
    [1, 1e-5, true, true],
    [3, 0.1, true, false],
    [6, 1e-3, false, true],
    [-1, 1e-3, false, false],
    [3, 1e-3, true, true],
  ])(
    'of %i groups, epsilon %d, scale %s, center %s normalizes each group of an image',
    async (...options) => {
      const [groups, epsilon, scale, center] = options;
      const [batch, positions, channels] = [2, 20, 6];
      const x = input([batch, 4, 5, channels]);
      const [gamma, beta] = [weight(channels, 2), weight(channels, 3)];
      const config = { groups, axis: -1, epsilon, scale, center };
      const weights = [...(scale ? [gamma] : []), ...(center ? [beta] : [])];
      const actual = await outputOf(
        { className: 'GroupNormalization', group: 'group_normalization', config, weights },
        x,
      );
      const data = x.dataSync();
      const size = channels / (groups === -1 ? channels : groups);
      const expected = Array.from(data, (value, i) => {
        const channel = i % channels;
        const image = Math.floor(i / (positions * channels));
        const first = Math.floor(channel / size) * size;
        const members = Array.from(
          { length: positions * size },
          (_, k) => data[(image * positions + Math.floor(k / size)) * channels + first + (k % size)],
        );
        const mean = members.reduce((sum, one) => sum + one, 0) / members.length;
        const variance = members.reduce((sum, one) => sum + (one - mean) ** 2, 0) / members.length;
        const normalized = (value - mean) / Math.sqrt(variance + epsilon);
        return normalized * (scale ? gamma.values[channel] : 1) + (center ? beta.values[channel] : 0);
      });
      expectClose(actual, expected);
    },
  );

  it.each([
    [{ groups: 4 }, '4 groups, which do not divide 6 channels'],
    [{ groups: 32 }, '32 groups, which do not divide 6 channels'],
    [{ groups: 3, axis: 1 }, 'axis 1, of which only the last one is supported'],
  ])('with %j is refused', async (config, message) => {
    const layer = { className: 'GroupNormalization', group: 'group_normalization', config };
    await expect(outputOf(layer, input([1, 4, 5, 6]))).rejects.toThrow(message);
  });
});

describe('UnitNormalization', () => {
  it.each([[[2, 5]], [[3, 4, 2]], [[1, 2, 3, 4]], [[2, 1]], [[1, 3, 3, 1]]])(
    'of %j gives vectors along the last axis the length 1',
    async (shape) => {
      const x = input(shape);
      const actual = await outputOf(
        { className: 'UnitNormalization', group: 'unit_normalization', config: { axis: -1 } },
        x,
      );
      const data = x.dataSync();
      const length = shape.at(-1)!;
      const expected = Array.from(data, (value, i) => {
        const start = i - (i % length);
        return value / Math.hypot(...data.slice(start, start + length));
      });
      expectClose(actual, expected);
    },
  );

  it('keeps a vector of zeros, and takes several axes', async () => {
    const layer = (axis: number | number[]) => ({
      className: 'UnitNormalization',
      group: 'unit_normalization',
      config: { axis },
    });
    expect(await outputOf(layer(-1), tf.zeros([1, 3]))).toEqual([0, 0, 0]);
    expectClose(await outputOf(layer([1, 2]), tf.ones([1, 2, 2, 1])), [0.5, 0.5, 0.5, 0.5]);
  });
});

describe('RMSNormalization', () => {
  it.each<[number[], number, number]>([
    [[2, 5], -1, 1e-6],
    [[3, 4, 2], -1, 1e-3],
    [[1, 2, 3, 4], 3, 0.5],
    [[2, 6, 3], 1, 1e-6],
    [[1, 3, 2, 2], 2, 1e-6],
  ])(
    'of %j along axis %i, epsilon %d, divides by the root of the mean square',
    async (shape, axis, epsilon) => {
      const x = input(shape);
      const along = axis < 0 ? axis + shape.length : axis;
      const size = shape[along];
      const stride = shape.slice(along + 1).reduce((product, length) => product * length, 1);
      const scale = weight(size, 4);
      const actual = await outputOf(
        {
          className: 'RMSNormalization',
          group: 'rms_normalization',
          config: { axis, epsilon },
          weights: [scale],
        },
        x,
      );
      const data = x.dataSync();
      const expected = Array.from(data, (value, i) => {
        const position = Math.floor(i / stride) % size;
        const start = i - position * stride;
        let sum = 0;
        for (let k = 0; k < size; k++) sum += data[start + k * stride] ** 2;
        return (value / Math.sqrt(sum / size + epsilon)) * scale.values[position];
      });
      expectClose(actual, expected);
    },
  );
});

describe('LayerScale', () => {
  it.each([1, 2, 3, 5, 8])('multiplies each of %i channels by its factor', async (channels) => {
    const x = input([2, 3, 2, channels]);
    const gamma = weight(channels, 5);
    const config = { init_values: 1e-6, projection_dim: channels };
    const actual = await outputOf(
      { className: 'LayerScale', group: 'layer_scale', config, weights: [gamma] },
      x,
    );
    expectClose(
      actual,
      Array.from(x.dataSync(), (value, i) => value * gamma.values[i % channels]),
    );
  });
});
