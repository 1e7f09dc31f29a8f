import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { roll } from '../../../src/feature-visualization/transformations/roll.js';
import { randomTensors } from '../random-tensor.js';

const randomTensor = randomTensors();

beforeAll(() => tf.setBackend('cpu'));

describe('roll', () => {
  it('shifts by whole pixels, and what leaves on one side enters on the other', () => {
    const image = randomTensor(2, 4, 5, 2);
    const values = image.arraySync();
    const rolled = roll(image, { rows: 1, columns: -7 }).arraySync();
    rolled.forEach((rows, n) =>
      rows.forEach((row, y) =>
        row.forEach((pixel, column) => expect(pixel).toEqual(values[n][(y + 3) % 4][(column + 7) % 5])),
      ),
    );
  });
});
