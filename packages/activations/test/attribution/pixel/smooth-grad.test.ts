import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { saliency, smoothGrad } from '../../../src/index.js';
import { randomImages, sequentialModel } from '../../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(3);

describe('smoothGrad', () => {
  it('has the same noise for the same seed, other noise for another', async () => {
    const model = sequentialModel();
    const options = { target: 0, samples: 2 };
    const first = await smoothGrad(model, images, options);
    expect(await smoothGrad(model, images, options)).toEqual(first);
    expect(await smoothGrad(model, images, { ...options, seed: 1 })).not.toEqual(first);
  });

  it('is the gradient without noise', async () => {
    const model = sequentialModel();
    const smooth = await smoothGrad(model, images, { target: 0, samples: 2, noise: 0 });
    const [{ values }] = await saliency(model, images, { target: 0 });
    smooth[0].values.forEach((value, i) => expect(value).toBeCloseTo(values[i], 5));
  });
});
