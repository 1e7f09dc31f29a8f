import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  classActivations,
  classSeparability,
  compareGroups,
  featureMaps,
  groupActivations,
  nearestMeans,
  predictions,
} from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(14);
const { labels } = images;
const layer = 'norm';

/** The mean of each map, images x 4, from the maps themselves. */
async function answers(): Promise<number[][]> {
  const { values } = await featureMaps(sequentialModel(), images, { layer });
  return Array.from({ length: images.count }, (_, i) =>
    [0, 1, 2, 3].map((c) => mean([...values.slice(i * 256, i * 256 + 256)].filter((_, at) => at % 4 === c))),
  );
}

const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
const squares = (list: readonly number[]) => list.reduce((sum, value) => sum + (value - mean(list)) ** 2, 0);
const column = (rows: readonly number[][], c: number) => rows.map((row) => row[c]);

describe('groupActivations', () => {
  it('adds up by label what classActivations averages, several layers from one run', async () => {
    const options = { layers: [layer, 'scores'], batchSize: 4 };
    const [record, scores] = await groupActivations(sequentialModel(), images, options);
    const { means, counts } = await classActivations(sequentialModel(), images, { layer });
    expect(record).toMatchObject({
      layer,
      reduction: 'mean',
      groupNames: images.classNames,
      counts,
      channels: 4,
    });
    record.sums.forEach((sum, i) => expect(sum / counts[Math.floor(i / 4)]).toBeCloseTo(means[i], 12));
    expect(scores).toMatchObject({ layer: 'scores', channels: 3 });
    // Probabilities add up to 1, so that the mean of three is a third.
    scores.layerSums.forEach((sum, group) => expect(sum).toBeCloseTo(counts[group] / 3, 5));
  });

  it('groups by what the model gets right and wrong', async () => {
    const said = await predictions(sequentialModel(), images);
    const [record] = await groupActivations(sequentialModel(), images, {
      layers: [layer],
      groups: 'outcome',
    });
    const right = said.map(({ label, predicted }) => label === predicted);
    const own = (await answers()).filter((_, i) => right[i]);
    expect(record.groupNames).toEqual(['right', 'wrong']);
    expect(record.counts).toEqual([own.length, images.count - own.length]);
    for (let c = 0; c < 4; c++)
      expect(record.sums[c]).toBeCloseTo(
        column(own, c).reduce((a, b) => a + b, 0),
        4,
      );
  });

  it('groups by a list of your own, and passes over images that belong to no group', async () => {
    const groups = { names: ['first', 'last'], of: labels.map((_, i) => (i < 3 ? 0 : i > 11 ? 1 : -1)) };
    const [{ counts, sums }] = await groupActivations(sequentialModel(), images, { layers: [layer], groups });
    expect(counts).toEqual([3, 2]);
    const rows = await answers();
    expect(sums[4]).toBeCloseTo(rows[12][0] + rows[13][0], 4);
  });

  it('refuses groups that do not fit', async () => {
    const look = (groups: unknown) =>
      groupActivations(sequentialModel(), images, { layers: [layer], groups: groups as never });
    await expect(look({ names: ['a'], of: [0] })).rejects.toThrow(
      'Expected groups.of to hold 14 values, one an image, got 1',
    );
    await expect(look({ names: ['a'], of: labels })).rejects.toThrow(
      'Expected groups.of to be from -1 to 0, got 1',
    );
    await expect(look('colour')).rejects.toThrow(`Expected groups to be 'label', 'outcome' or { names, of }`);
    const unlabelled = { ...images, labels: undefined };
    await expect(groupActivations(sequentialModel(), unlabelled, { layers: [layer] })).rejects.toThrow(
      'Expected images with labels, got "noise" without any',
    );
  });
});

describe('classSeparability', () => {
  it('is the scatter between classes over that within them', async () => {
    const rows = await answers();
    const [record] = await groupActivations(sequentialModel(), images, { layers: [layer] });
    const { ratio, betweenShare, channels } = classSeparability(record);
    let [between, within] = [0, 0];
    channels.forEach((share, c) => {
      const all = column(rows, c);
      const classes = [0, 1, 2].map((label) => all.filter((_, i) => labels[i] === label));
      const inside = classes.reduce((sum, own) => sum + squares(own), 0);
      // The whole scatter is that between and that within.
      expect(share).toBeCloseTo(1 - inside / squares(all), 4);
      between += squares(all) - inside;
      within += inside;
    });
    expect(ratio).toBeCloseTo(between / within, 4);
    expect(betweenShare).toBeCloseTo(between / (between + within), 4);
  });

  it('is 0 for classes with one mean, infinite for classes that do not spread, NaN where nothing varies', () => {
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
    expect(classSeparability(record([2, 2], [2, 2], [4, 4]))).toMatchObject({ ratio: 0, betweenShare: 0 });
    expect(classSeparability(record([2, 2], [2, 4], [2, 8]))).toMatchObject({
      ratio: Infinity,
      betweenShare: 1,
    });
    expect(classSeparability(record([2, 2], [2, 2], [2, 2])).ratio).toBe(NaN);
  });
});

describe('compareGroups', () => {
  it('tells means, difference and Cohen d of two classes, channel by channel', async () => {
    const rows = await answers();
    const [record] = await groupActivations(sequentialModel(), images, { layers: [layer] });
    const { whole, channels, typicalEffect, ...rest } = compareGroups(record, { groups: ['dog', 'cat'] });
    expect(rest).toEqual({ layer, reduction: 'mean', groupNames: ['dog', 'cat'], counts: [5, 5] });
    const pooled = (a: number[], b: number[]) =>
      Math.sqrt((squares(a) + squares(b)) / (a.length + b.length - 2));
    const of = (list: number[], label: number) => list.filter((_, i) => labels[i] === label);
    const check = ({ means, difference, effectSize }: typeof whole, list: number[]) => {
      const [dogs, cats] = [of(list, 1), of(list, 0)];
      expect(means[0]).toBeCloseTo(mean(dogs), 5);
      expect(means[1]).toBeCloseTo(mean(cats), 5);
      expect(difference).toBe(means[0] - means[1]);
      expect(effectSize).toBeCloseTo((mean(dogs) - mean(cats)) / pooled(dogs, cats), 3);
    };
    channels.forEach((channel, c) => check(channel, column(rows, c)));
    check(whole, rows.map(mean));
    expect(typicalEffect ** 2).toBeCloseTo(mean(channels.map(({ effectSize }) => effectSize ** 2)), 6);
  });

  it('has no effect size with less than two images in a group, and names the groups there are', async () => {
    const groups = { names: ['one', 'rest'], of: labels.map((_, i) => (i === 0 ? 0 : 1)) };
    const [record] = await groupActivations(sequentialModel(), images, { layers: [layer], groups });
    expect(compareGroups(record).whole.effectSize).toBe(NaN);
    expect(() => compareGroups(record, { groups: ['one', 'two'] })).toThrow(
      'Expected groups to be one of one, rest, got "two"',
    );
  });
});

describe('nearestMeans', () => {
  it('counts images whose own class mean is the nearest', async () => {
    const rows = await answers();
    const means = await groupActivations(sequentialModel(), images, { layers: [layer] });
    const [found] = await nearestMeans(sequentialModel(), images, { means, batchSize: 3 });
    const centres = [0, 1, 2].map((label) =>
      [0, 1, 2, 3].map((c) => mean(column(rows, c).filter((_, i) => labels[i] === label))),
    );
    const right = rows.filter((row, i) => {
      const distances = centres.map((centre) => Math.hypot(...centre.map((value, c) => value - row[c])));
      return distances.indexOf(Math.min(...distances)) === labels[i];
    }).length;
    expect(found).toEqual({ layer, reduction: 'mean', count: 14, right, accuracy: right / 14 });
    expect(right).toBeGreaterThan(14 / 3);
  });

  it('refuses means of other classes', async () => {
    const means = await groupActivations(sequentialModel(), images, { layers: [layer], groups: 'outcome' });
    await expect(nearestMeans(sequentialModel(), images, { means })).rejects.toThrow(
      'Expected means of the classes cat, dog, frog, got those of right, wrong',
    );
  });
});
