import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { featureMaps, predictions, scoreCam } from '../../../src/index.js';
import { randomImages, sequentialModel } from '../../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(2);
const [height, width] = [8, 8];

/** Bilinear resizing with half-pixel centers; the edge is repeated. */
function resizeMap(map: number[], rows: number, columns: number): number[] {
  const along = (position: number, from: number, to: number): [number, number, number] => {
    const source = Math.max(0, ((position + 0.5) * from) / to - 0.5);
    const low = Math.min(from - 1, Math.floor(source));
    return [low, Math.min(from - 1, low + 1), source - low];
  };
  return Array.from({ length: height * width }, (_, i) => {
    const [y0, y1, fy] = along(Math.floor(i / width), rows, height);
    const [x0, x1, fx] = along(i % width, columns, width);
    const row = (y: number) => map[y * columns + x0] * (1 - fx) + map[y * columns + x1] * fx;
    return row(y0) * (1 - fy) + row(y1) * fy;
  });
}

const scaled = (map: number[]) => {
  const [low, high] = [Math.min(...map), Math.max(...map)];
  return map.map((value) => (high > low ? (value - low) / (high - low) : 0));
};

/** Score-CAM of the first image by its definition, one masked image at a time through `predictions`. */
async function byDefinition(
  model: tf.LayersModel,
  target: number,
  weights: 'softmax' | 'as-is',
): Promise<number[]> {
  const {
    values,
    channels,
    height: rows,
    width: columns,
  } = await featureMaps(model, images, { layer: 'pool' });
  const maps = Array.from({ length: channels }, (_, c) =>
    [...values.slice(0, rows * columns * channels)].filter((__, i) => i % channels === c),
  );
  const probability = async (mask: number[]) => {
    const pixels = Float32Array.from(images.pixels, (level, i) =>
      i < height * width * 3 ? level * mask[Math.floor(i / 3)] : 0,
    );
    const [{ probabilities }] = await predictions(model, { ...images, pixels });
    return probabilities[target];
  };
  const black = await probability(new Array(height * width).fill(0));
  const increases = [];
  for (const map of maps) increases.push((await probability(scaled(resizeMap(map, rows, columns)))) - black);
  const powers = increases.map((increase) => Math.exp(increase));
  const alpha =
    weights === 'softmax' ? powers.map((power) => power / powers.reduce((a, b) => a + b)) : increases;
  return Array.from({ length: rows * columns }, (_, i) =>
    Math.max(
      0,
      maps.reduce((sum, map, c) => sum + alpha[c] * map[i], 0),
    ),
  );
}

describe('scoreCam', () => {
  it.each([
    ['softmax', 2],
    ['as-is', 0],
  ] as const)('equals its definition, with weights %s', async (weights, target) => {
    const model = sequentialModel();
    const expected = await byDefinition(model, target, weights);
    expect(Math.max(...expected)).toBeGreaterThan(0.01);
    const options = {
      layer: 'pool',
      target,
      score: 'probability',
      normalize: false,
      resize: false,
      weights,
    } as const;
    for (const batchSize of [1, 3, 32]) {
      const [{ values, method }] = await scoreCam(model, images, { ...options, batchSize });
      expect(method).toBe('score-cam');
      values.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    }
  });

  it('uses only the maxChannels channels with the largest variance', async () => {
    const model = sequentialModel();
    const options = { layer: 'pool', target: 2, normalize: false, resize: false } as const;
    const [all] = await scoreCam(model, images, options);
    expect(await scoreCam(model, images, { ...options, maxChannels: 4 })).toEqual(
      await scoreCam(model, images, options),
    );
    const { values, channels } = await featureMaps(model, images, { layer: 'pool' });
    const variances = Array.from({ length: channels }, (_, c) => {
      const map = [...values.slice(0, 16 * channels)].filter((__, i) => i % channels === c);
      const mean = map.reduce((a, b) => a + b) / 16;
      return map.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    });
    const mostVarying = variances.indexOf(Math.max(...variances));
    const [one] = await scoreCam(model, images, { ...options, maxChannels: 1 });
    one.values.forEach((value, i) => expect(value).toBeCloseTo(values[i * channels + mostVarying], 5));
    expect(one.values).not.toEqual(all.values);
  });

  it('runs the model only for the channels that it uses', async () => {
    const model = sequentialModel();
    const conv = model.getLayer('conv');
    const call = conv.call.bind(conv);
    let rows = 0;
    conv.call = (inputs, kwargs) => {
      rows += [inputs].flat()[0].shape[0]!;
      return call(inputs, kwargs);
    };
    const rowsFor = async (maxChannels: number | undefined) => {
      rows = 0;
      await scoreCam(model, images, { layer: 'pool', target: 2, maxChannels });
      return rows;
    };
    expect((await rowsFor(undefined)) - (await rowsFor(1))).toBe(3 * images.count);
  });

  it('refuses options out of range', async () => {
    const model = sequentialModel();
    await expect(scoreCam(model, images, { weights: 'max' as never })).rejects.toThrow(
      'Expected weights to be one of softmax, as-is, got "max"',
    );
    await expect(scoreCam(model, images, { maxChannels: 0 })).rejects.toThrow(
      'Expected maxChannels to be an integer >= 1, got 0',
    );
    await expect(scoreCam(model, images, { baseline: 300 })).rejects.toThrow(
      'Expected baseline to be a number from 0 to 255, got 300',
    );
  });
});
