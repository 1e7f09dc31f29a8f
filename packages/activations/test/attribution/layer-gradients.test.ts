import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { layerGradients } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';
import { asIs, linearImage, linearModel } from '../tiny-model.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(2);
const model = () => sequentialModel();

describe('layerGradients', () => {
  it('equals the weights of the linear layer after it', async () => {
    const weights = [
      [1, 2],
      [-3, 4],
      [5, -6],
      [7, 8],
      [-9, 1],
      [2, -3],
    ];
    const network = linearModel(weights);
    const [flat] = network.layers;
    const gradients = await layerGradients(network, linearImage([1, 2, 3, 4, 5, 6]), {
      ...asIs,
      layer: flat.name,
      target: 'no',
    });
    expect(gradients).toMatchObject({
      layer: flat.name,
      classIndices: [1],
      indices: [0],
      count: 1,
      height: 1,
      width: 1,
      channels: 6,
    });
    expect([...gradients.values]).toEqual(weights.map(([, b]) => b));
    expect(structuredClone(gradients)).toEqual(gradients);
  });

  it('is refused for logits at the softmax, which comes after them, but not for probabilities', async () => {
    const network = model();
    await expect(layerGradients(network, images, { layer: 'scores', target: 1 })).rejects.toThrow(
      'Expected layer to be one that the target depends on, got scores for the target the logits',
    );
    const options = { layer: 'scores', target: 1, score: 'probability' } as const;
    const { values } = await layerGradients(network, images, options);
    expect([...values]).toEqual([0, 1, 0, 0, 1, 0]);
  });
});
