import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { classActivations, evaluateModel } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(7);

describe('functions that need labels', () => {
  it('refuse images without labels', async () => {
    for (const method of [classActivations, evaluateModel])
      await expect(method(sequentialModel(), { ...images, labels: undefined })).rejects.toThrow(
        'Expected images with labels, got "noise" without any',
      );
  });

  it('refuse a model with another number of classes', async () => {
    const more = { ...images, classNames: [...images.classNames, 'ship'] };
    await expect(evaluateModel(sequentialModel(), more)).rejects.toThrow(
      'Expected a model of 4 classes, as the images have, got 3',
    );
  });
});
