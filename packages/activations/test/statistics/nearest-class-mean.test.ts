import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { groupActivations, nearestClassMean } from '../../src/index.js';
import { sequentialModel } from '../models.js';
import { column, images, labels, layer, mean, reducedActivations } from './group-data.js';

beforeAll(() => tf.setBackend('cpu'));

describe('nearestClassMean', () => {
  it('counts the images whose own class mean is the nearest', async () => {
    const rows = await reducedActivations();
    const means = await groupActivations(sequentialModel(), images, { layers: [layer] });
    const [result] = await nearestClassMean(sequentialModel(), images, { means, batchSize: 3 });
    const classMeans = [0, 1, 2].map((label) =>
      [0, 1, 2, 3].map((c) => mean(column(rows, c).filter((_, i) => labels[i] === label))),
    );
    const correct = rows.filter((row, i) => {
      const distances = classMeans.map((means) => Math.hypot(...means.map((value, c) => value - row[c])));
      return distances.indexOf(Math.min(...distances)) === labels[i];
    }).length;
    expect(result).toEqual({ layer, reduction: 'mean', count: 14, correct, accuracy: correct / 14 });
    expect(correct).toBeGreaterThan(14 / 3);
  });

  it('refuses means of other classes', async () => {
    const means = await groupActivations(sequentialModel(), images, { layers: [layer], groups: 'outcome' });
    await expect(nearestClassMean(sequentialModel(), images, { means })).rejects.toThrow(
      'Expected means of the classes cat, dog, frog, got those of correct, wrong',
    );
  });
});
