import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { topActivations, topOverlaps } from '../../src/index.js';
import { randomImages } from '../models.js';
import { modelWithCopy } from './similar-models.js';

beforeAll(() => tf.setBackend('cpu'));

describe('topOverlaps', () => {
  it('are the Jaccard indices of the top images', async () => {
    const top = await topActivations(modelWithCopy(), randomImages(12), { layer: 'relu', count: 4 });
    const indices = (filter: number) => top.filters[filter].entries.map(({ index }) => index);
    const overlaps = topOverlaps(top);
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++) {
        const union = new Set([...indices(a), ...indices(b)]).size;
        expect(overlaps[a * 4 + b]).toBeCloseTo((8 - union) / union, 12);
      }
  });
});
