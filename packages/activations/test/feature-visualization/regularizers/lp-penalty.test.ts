import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { lpPenalty } from '../../../src/feature-visualization/regularizers/lp-penalty.js';
import { randomTensors } from '../random-tensor.js';

const randomTensor = randomTensors();

beforeAll(() => tf.setBackend('cpu'));

describe('lpPenalty', () => {
  it('is the mean power of the distance to the origin, for each image', () => {
    const image = randomTensor(2, 4, 5, 3);
    image.arraySync().forEach((rows, n) => {
      const power = rows.flat(2).reduce((sum, value) => sum + Math.abs(value - 0.25) ** 6 / 60, 0);
      expect(lpPenalty(image, { p: 6, origin: 0.25 }).dataSync()[n]).toBeCloseTo(power, 5);
    });
  });
});
