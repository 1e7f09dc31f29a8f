import { readFileSync } from 'node:fs';
import { predictions } from '@convlens/activations';
import { subset } from '@convlens/image-set';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../../../test/support/requirements.js';
import { loadPretrained, type ModelCard } from '../../src/index.js';
import { isUndecided } from '../is-undecided.js';
import { loadRealImages, realImages } from '../real-images.js';

/** What scripts/record-predictions.js wrote. */
interface Recorded {
  readonly lossOfEveryTenth: number;
  /** The predicted class of every test image, a base-36 digit each. */
  readonly predictions: string;
}

const readRecorded = (id: string): Recorded =>
  JSON.parse(readFileSync(new URL(`../fixtures/${id}.json`, import.meta.url), 'utf8'));

/** Tests the predictions of a model on real test images against its card and those that were recorded. */
export function testAccuracy(card: ModelCard): void {
  describeWith(realImages(card))(`${card.id} on real test images`, () => {
    beforeAll(() => tf.setBackend('simd'));

    const { lossOfEveryTenth, predictions: digits } = readRecorded(card.id);
    const recorded = Array.from(digits, (digit) => parseInt(digit, 36));

    it('has the accuracy and the confusion matrix of its card, by the recorded predictions', async () => {
      const { labels, count } = await loadRealImages(card);
      const { float16, confusion, count: cardCount } = card.evaluation;
      expect([count, recorded.length]).toEqual([cardCount, cardCount]);
      const counts = confusion.map((row) => row.map(() => 0));
      recorded.forEach((predicted, i) => counts[labels![i]][predicted]++);
      expect(counts).toEqual(confusion);
      const correct = recorded.filter((predicted, i) => predicted === labels![i]).length;
      expect(correct / count).toBe(float16.accuracy);
    });

    it('predicts the recorded classes for every tenth image, with the recorded loss', async () => {
      const images = await loadRealImages(card);
      const indices = [...recorded.keys()].filter((i) => i % 10 === 0);
      const tenth = subset(images, indices);
      const { model, preprocessing } = await loadPretrained(card.id);
      const predicted = await predictions(model, tenth, { preprocessing });
      const different = predicted.filter(
        (prediction, i) => prediction.predicted !== recorded[indices[i]] && !isUndecided(prediction),
      );
      expect(different.map(({ index }) => indices[index])).toEqual([]);
      expect(predicted.filter(isUndecided).length).toBeLessThan(predicted.length / 100);
      const losses = predicted.map(({ probabilities }, i) => -Math.log(probabilities[tenth.labels![i]]));
      expect(losses.reduce((sum, loss) => sum + loss) / losses.length).toBeCloseTo(lossOfEveryTenth, 4);
      model.dispose();
    }, 120_000);
  });
}
