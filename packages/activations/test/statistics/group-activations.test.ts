import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { classActivations, groupActivations, predictions } from '../../src/index.js';
import { sequentialModel } from '../models.js';
import { column, images, labels, layer, reducedActivations } from './group-data.js';

beforeAll(() => tf.setBackend('cpu'));

describe('groupActivations', () => {
  it('sums by label what classActivations averages, for several layers in one run', async () => {
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
    // Probabilities sum to 1, so that the mean of three is a third.
    scores.layerSums.forEach((sum, group) => expect(sum).toBeCloseTo(counts[group] / 3, 5));
  });

  it('groups by correct and wrong predictions', async () => {
    const predicted = await predictions(sequentialModel(), images);
    const [record] = await groupActivations(sequentialModel(), images, {
      layers: [layer],
      groups: 'outcome',
    });
    const isCorrect = predicted.map(({ label, predicted }) => label === predicted);
    const correct = (await reducedActivations()).filter((_, i) => isCorrect[i]);
    expect(record.groupNames).toEqual(['correct', 'wrong']);
    expect(record.counts).toEqual([correct.length, images.count - correct.length]);
    for (let c = 0; c < 4; c++)
      expect(record.sums[c]).toBeCloseTo(
        column(correct, c).reduce((a, b) => a + b, 0),
        4,
      );
  });

  it('groups by a list of assignments, and leaves out images without a group', async () => {
    const groups = {
      names: ['first', 'last'],
      assignments: labels.map((_, i) => (i < 3 ? 0 : i > 11 ? 1 : -1)),
    };
    const [{ counts, sums }] = await groupActivations(sequentialModel(), images, { layers: [layer], groups });
    expect(counts).toEqual([3, 2]);
    const rows = await reducedActivations();
    expect(sums[4]).toBeCloseTo(rows[12][0] + rows[13][0], 4);
  });

  it('groups the images at some positions, with one assignment per position', async () => {
    const groups = { names: ['a', 'b'], assignments: [0, 1, 0] };
    const options = { layers: [layer], groups, indices: [2, 3, 9] };
    const [{ counts, sums }] = await groupActivations(sequentialModel(), images, options);
    expect(counts).toEqual([2, 1]);
    const rows = await reducedActivations();
    expect(sums[0]).toBeCloseTo(rows[2][0] + rows[9][0], 4);
    expect(sums[4]).toBeCloseTo(rows[3][0], 4);
  });
});
