import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareGroups, groupActivations } from '../../src/index.js';
import { sequentialModel } from '../models.js';
import { column, images, labels, layer, mean, reducedActivations, scatter } from './group-data.js';

beforeAll(() => tf.setBackend('cpu'));

describe('compareGroups', () => {
  it("computes means, difference and Cohen's d of two classes, per channel", async () => {
    const rows = await reducedActivations();
    const [record] = await groupActivations(sequentialModel(), images, { layers: [layer] });
    const { overall, channels, rmsEffectSize, ...rest } = compareGroups(record, { groups: ['dog', 'cat'] });
    expect(rest).toEqual({ layer, reduction: 'mean', groupNames: ['dog', 'cat'], counts: [5, 5] });
    const pooledStd = (a: number[], b: number[]) =>
      Math.sqrt((scatter(a) + scatter(b)) / (a.length + b.length - 2));
    const withLabel = (list: number[], label: number) => list.filter((_, i) => labels[i] === label);
    const check = ({ means, difference, effectSize }: typeof overall, list: number[]) => {
      const [dogs, cats] = [withLabel(list, 1), withLabel(list, 0)];
      expect(means[0]).toBeCloseTo(mean(dogs), 5);
      expect(means[1]).toBeCloseTo(mean(cats), 5);
      expect(difference).toBe(means[0] - means[1]);
      expect(effectSize).toBeCloseTo((mean(dogs) - mean(cats)) / pooledStd(dogs, cats), 3);
    };
    channels.forEach((channel, c) => check(channel, column(rows, c)));
    check(overall, rows.map(mean));
    expect(rmsEffectSize ** 2).toBeCloseTo(mean(channels.map(({ effectSize }) => effectSize ** 2)), 6);
  });

  it('has no effect size for a group of fewer than two images, and lists the groups', async () => {
    const groups = { names: ['one', 'rest'], assignments: labels.map((_, i) => (i === 0 ? 0 : 1)) };
    const [record] = await groupActivations(sequentialModel(), images, { layers: [layer], groups });
    expect(compareGroups(record).overall.effectSize).toBe(NaN);
    expect(() => compareGroups(record, { groups: ['one', 'two'] })).toThrow(
      'Expected groups to be one of one, rest, got "two"',
    );
  });
});
