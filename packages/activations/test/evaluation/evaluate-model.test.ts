import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateModel, predictions } from '../../src/index.js';
import { part, randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const images = randomImages(7);

describe('evaluateModel', () => {
  it('computes loss, accuracy and confusion matrix of the outputs of predict', async () => {
    const model = sequentialModel();
    const evaluation = await evaluateModel(model, images, { batchSize: 3 });
    const predicted = await predictions(model, images);
    const x = tf.tensor4d(
      Float32Array.from(images.pixels, (value) => value / 255),
      [7, 8, 8, 3],
    );
    const expected = (model.predict(x) as tf.Tensor2D).arraySync();
    let loss = 0;
    const counts = new Uint32Array(9);
    predicted.forEach(({ index, label, predicted, confidence, probabilities }, i) => {
      expect([index, label]).toEqual([i, i % 3]);
      probabilities.forEach((value, c) => expect(value).toBeCloseTo(expected[i][c], 5));
      expect(confidence).toBe(Math.max(...probabilities));
      expect(probabilities[predicted]).toBe(confidence);
      loss -= Math.log(probabilities[i % 3]) / 7;
      counts[(i % 3) * 3 + predicted]++;
    });
    expect(evaluation).toMatchObject({ name: 'noise', count: 7 });
    expect(evaluation.loss).toBeCloseTo(loss, 6);
    expect(evaluation.accuracy).toBe((counts[0] + counts[4] + counts[8]) / 7);
    expect(evaluation.confusion).toEqual({ classNames: ['cat', 'dog', 'frog'], counts });
  });

  it('keeps the loss finite: a probability of 0 counts as the smallest normal number', async () => {
    const flat = tf.layers.flatten({ inputShape: [8, 8, 3] });
    const bias = tf.initializers.zeros();
    const model = tf.sequential({
      layers: [flat, tf.layers.dense({ units: 3, kernelInitializer: 'zeros', biasInitializer: bias })],
    });
    const weights = [tf.zeros([192, 3]), tf.tensor1d([1000, 0, 0])];
    model.setWeights(weights);
    const { loss, accuracy } = await evaluateModel(model, part(images, 1, 2));
    expect(loss).toBeCloseTo(126 * Math.log(2), 6);
    expect(accuracy).toBe(0);
  });
});
