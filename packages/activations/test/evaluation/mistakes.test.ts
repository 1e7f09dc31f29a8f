import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { mistakes, predictions } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(20);

describe('mistakes', () => {
  it('keeps the mistakes of the highest confidence, highest first, and counts all', async () => {
    const predicted = await predictions(sequentialModel(), images);
    const wrong = predicted.filter(({ label, predicted }) => label !== predicted);
    const result = await mistakes(sequentialModel(), images, { count: 5, batchSize: 6 });
    expect(wrong.length).toBeGreaterThan(5);
    expect(result).toEqual({
      name: 'noise',
      classNames: images.classNames,
      count: 20,
      wrong: wrong.length,
      limit: 5,
      entries: wrong.sort((a, b) => b.confidence - a.confidence || a.index - b.index).slice(0, 5),
    });
  });

  it('refuses a count of 0 and images without labels', async () => {
    await expect(mistakes(sequentialModel(), images, { count: 0 })).rejects.toThrow(
      'Expected count to be an integer >= 1, got 0',
    );
    await expect(mistakes(sequentialModel(), { ...images, labels: undefined })).rejects.toThrow(
      /with labels/,
    );
  });
});
