import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { classActivations, topActivations } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(7);

describe('filter options', () => {
  it('refuse a filter that the layer does not have', async () => {
    await expect(
      topActivations(sequentialModel(), images, { layer: 'relu', filters: [0, 4] }),
    ).rejects.toThrow('Expected filters to be integers from 0 to 3, as layer relu has, got 4');
  });

  it('refuse an unknown reduction', async () => {
    await expect(classActivations(sequentialModel(), images, { reduction: 'sum' as never })).rejects.toThrow(
      'Expected reduction to be one of mean, max, got "sum"',
    );
  });
});
