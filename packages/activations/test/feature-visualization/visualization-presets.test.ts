import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { visualizationPresets, visualizeFeatures } from '../../src/index.js';
import { sequentialModel } from '../models.js';
import { classNames, classObjectives } from './linear-model.js';

beforeAll(() => tf.setBackend('cpu'));

it.each(Object.entries(visualizationPresets))(
  'the preset %s raises the score of a class',
  async (_, preset) => {
    const [image] = await visualizeFeatures(sequentialModel(), [classObjectives[0]], {
      ...preset,
      classNames,
      steps: 12,
    });
    expect(image.finalValue).toBeGreaterThan(image.initialValue);
    if (preset.range !== undefined)
      expect(image.pixels.every((pixel) => pixel >= 0 && pixel <= 255)).toBe(true);
  },
);
