import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { scoreTable, visualizeFeatures } from '../../src/index.js';
import { sequentialModel } from '../models.js';
import { classNames, classObjectives } from './linear-model.js';

beforeAll(() => tf.setBackend('cpu'));

describe('scoreTable', () => {
  it('holds the outputs of predict, and the final values of class objectives on its diagonal', async () => {
    const model = sequentialModel();
    const images = await visualizeFeatures(model, classObjectives, { classNames, steps: 10 });
    const logits = await scoreTable(model, images, { classNames, batchSize: 2 });
    images.forEach(({ finalValue }, i) => expect(logits.values[i * 3 + i]).toBeCloseTo(finalValue, 4));
    const table = await scoreTable(model, images, { classNames, score: 'probability' });
    const pixels = images.flatMap((image) => Array.from(image.pixels, (pixel) => pixel / 255));
    const expected = (model.predict(tf.tensor(pixels, [3, 8, 8, 3])) as tf.Tensor).dataSync();
    table.values.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    expect([table.names, table.classNames, table.score]).toEqual([classNames, classNames, 'probability']);
    const last = await scoreTable(model, images, { score: 'probability', indices: [2] });
    expect([last.names, last.values.length]).toEqual([['frog'], 3]);
  });
});
