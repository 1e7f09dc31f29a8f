import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { classSeparability, groupActivations } from '../../src/index.js';
import { sequentialModel } from '../models.js';
import { column, images, labels, layer, reducedActivations, scatter } from './group-data.js';

beforeAll(() => tf.setBackend('cpu'));

describe('classSeparability', () => {
  it('is the scatter between classes over the scatter within them', async () => {
    const rows = await reducedActivations();
    const [record] = await groupActivations(sequentialModel(), images, { layers: [layer] });
    const { ratio, betweenFraction, etaSquared } = classSeparability(record);
    let [between, within] = [0, 0];
    etaSquared.forEach((fraction, c) => {
      const all = column(rows, c);
      const classes = [0, 1, 2].map((label) => all.filter((_, i) => labels[i] === label));
      const channelWithin = classes.reduce((sum, values) => sum + scatter(values), 0);
      // The total scatter is the sum of both.
      expect(fraction).toBeCloseTo(1 - channelWithin / scatter(all), 4);
      between += scatter(all) - channelWithin;
      within += channelWithin;
    });
    expect(ratio).toBeCloseTo(between / within, 4);
    expect(betweenFraction).toBeCloseTo(between / (between + within), 4);
  });

  it('is 0 for equal class means, infinite without variance in classes, NaN without any variance', () => {
    const record = (counts: number[], sums: number[], squares: number[]) => ({
      ...{
        layer,
        reduction: 'mean' as const,
        groupNames: ['a', 'b', 'none'],
        counts: [...counts, 0],
        channels: 1,
      },
      ...{ sums: Float64Array.of(...sums, 0), sumsOfSquares: Float64Array.of(...squares, 0) },
      ...{ layerSums: new Float64Array(3), layerSumsOfSquares: new Float64Array(3) },
    });
    expect(classSeparability(record([2, 2], [2, 2], [4, 4]))).toMatchObject({ ratio: 0, betweenFraction: 0 });
    expect(classSeparability(record([2, 2], [2, 4], [2, 8]))).toMatchObject({
      ratio: Infinity,
      betweenFraction: 1,
    });
    expect(classSeparability(record([2, 2], [2, 2], [2, 2])).ratio).toBe(NaN);
  });
});
