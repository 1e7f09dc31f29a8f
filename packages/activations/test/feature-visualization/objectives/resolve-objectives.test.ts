import * as tf from '@tensorflow/tfjs';
import type { ImageObjective } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { visualizeFeatures } from '../../../src/index.js';
import { sequentialModel } from '../../models.js';
import { fromZeros, linearModel, rootMeanSquare, weightsOf } from '../linear-model.js';

beforeAll(() => tf.setBackend('cpu'));

describe('objectives', () => {
  it('that are a sum have the weighted sum of the gradients', async () => {
    const model = linearModel();
    const terms = [
      { objective: { kind: 'class', class: 0 }, weight: 2 },
      { objective: { kind: 'neuron', layer: 'scores', channel: 2 }, weight: -1 },
    ] as const;
    const [image] = await visualizeFeatures(model, [{ kind: 'sum', terms }], { ...fromZeros, steps: 1 });
    const [first, third] = [weightsOf(model, 0), weightsOf(model, 2)];
    const gradient = first.map((weight, i) => 2 * weight - third[i]);
    const rms = rootMeanSquare(gradient);
    image.pixels.forEach((pixel, i) => expect(pixel).toBeCloseTo(gradient[i] / rms, 4));
    expect(image.name).toBe('2 class 0 + -1 scores #2');
  });

  it.each<[string, ImageObjective]>([
    ['Expected class to be an integer from 0 to 2, got 3', { kind: 'class', class: 3 }],
    [
      'Expected class to be an index, for a model without classNames, got "cat"',
      { kind: 'class', class: 'cat' },
    ],
    ['Expected channel to be an integer from 0 to 3, got 4', { kind: 'channel', layer: 'relu', channel: 4 }],
    ['Expected layer to be one of conv, norm,', { kind: 'layer', layer: 'rule' }],
    ['Expected row to be an integer from 0 to 7', { kind: 'neuron', layer: 'relu', channel: 0, row: 8 }],
  ])('that do not fit the model are refused: %s', async (message, objective) => {
    await expect(visualizeFeatures(sequentialModel(), [objective])).rejects.toThrow(message);
  });
});
