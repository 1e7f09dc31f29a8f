import * as tf from '@tensorflow/tfjs';
import { IDENTITY } from '@convlens/core';
import { beforeAll, expect, it } from 'vitest';
import { gradCam } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(2);
const model = () => sequentialModel();

it('the message about a weight that is not finite names the weight', async () => {
  const network = model();
  const before = tf.memory().numTensors;
  const layer = network.getLayer('conv2');
  tf.tidy(() =>
    layer.setWeights(layer.getWeights().map((weight, i) => (i === 0 ? tf.mul(weight, NaN) : weight))),
  );
  await expect(gradCam(network, images, { preprocessing: IDENTITY })).rejects.toThrow(
    'Expected finite weights, got NaN in conv2/kernel (3 x 3 x 4 x 5): did the training diverge?',
  );
  expect(tf.memory().numTensors).toBe(before);
});
