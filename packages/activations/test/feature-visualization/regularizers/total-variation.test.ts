import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { totalVariation } from '../../../src/feature-visualization/regularizers/total-variation.js';
import { randomTensors } from '../random-tensor.js';

const randomTensor = randomTensors();

beforeAll(() => tf.setBackend('cpu'));

describe('totalVariation', () => {
  it('is the mean difference of neighbors, for each image', () => {
    const image = randomTensor(2, 4, 5, 3);
    image.arraySync().forEach((rows, n) => {
      let variation = 0;
      rows.forEach((row, y) =>
        row.forEach((pixel, x) =>
          pixel.forEach((value, c) => {
            if (y > 0) variation += Math.abs(value - rows[y - 1][x][c]) / 60;
            if (x > 0) variation += Math.abs(value - row[x - 1][c]) / 60;
          }),
        ),
      );
      expect(totalVariation(image).dataSync()[n]).toBeCloseTo(variation, 5);
    });
  });
});
