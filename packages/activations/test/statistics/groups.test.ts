import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { groupActivations } from '../../src/index.js';
import { sequentialModel } from '../models.js';
import { images, labels, layer } from './group-data.js';

beforeAll(() => tf.setBackend('cpu'));

describe('groups', () => {
  it('that do not fit the images are refused', async () => {
    const groupBy = (groups: unknown) =>
      groupActivations(sequentialModel(), images, { layers: [layer], groups: groups as never });
    await expect(groupBy({ names: ['a'], assignments: [0] })).rejects.toThrow(
      'Expected groups.assignments to hold 14 values, one per image, got 1',
    );
    await expect(groupBy({ names: ['a'], assignments: labels })).rejects.toThrow(
      'Expected groups.assignments to be from -1 to 0, got 1',
    );
    await expect(groupBy('color')).rejects.toThrow(
      `Expected groups to be 'label', 'outcome' or { names, assignments }`,
    );
    const unlabelled = { ...images, labels: undefined };
    await expect(groupActivations(sequentialModel(), unlabelled, { layers: [layer] })).rejects.toThrow(
      'Expected images with labels, got "noise" without any',
    );
  });
});
