import * as tf from '@tensorflow/tfjs';
import { randomAt } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { optimalStimuli } from '../../src/index.js';
import { sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const random = randomAt(5, 'parts');

describe('optimalStimuli', () => {
  it('have the largest pre-activation of all inputs within 0..1, for each filter', async () => {
    const model = sequentialModel();
    for (const layer of ['first-conv', 'last-conv'])
      for (const { filter, height, width, channels, values, maximum, layer: name } of await optimalStimuli(
        model,
        { layer },
      )) {
        const [kernel, bias] = model.getLayer(name).getWeights();
        const preActivation = (x: ArrayLike<number>) => {
          const input = tf.tensor4d(Float32Array.from(x), [1, height, width, channels]);
          const out = tf.add(tf.conv2d(input, kernel as tf.Tensor4D, 1, 'valid'), bias).dataSync();
          return out[filter];
        };
        expect(preActivation(values)).toBeCloseTo(maximum, 4);
        for (let k = 0; k < 10; k++) expect(preActivation(values.map(() => random()))).toBeLessThan(maximum);
        for (let i = 0; i < values.length; i += 7)
          expect(preActivation(values.map((value, j) => (j === i ? 1 - value : value)))).toBeLessThanOrEqual(
            maximum + 1e-5,
          );
      }
  });

  it('refuses a layer without weights, and a filter that does not exist', async () => {
    await expect(optimalStimuli(sequentialModel(), { layer: 'pool' })).rejects.toThrow(
      'Expected layer to be one of the convolutions and dense layers conv, conv2, scores, got pool',
    );
    await expect(optimalStimuli(sequentialModel(), { filters: [4] })).rejects.toThrow('from 0 to 3, got 4');
  });
});
