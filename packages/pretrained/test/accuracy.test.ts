import { readFileSync } from 'node:fs';
import { predictions } from '@convlens/activations';
import type { Prediction } from '@convlens/core';
import { subset } from '@convlens/image-set';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../../test/support/requirements.js';
import { loadPretrained, PRETRAINED, type ModelCard } from '../src/index.js';
import { loadRealImages, realImages } from './real-images.js';

beforeAll(() => tf.setBackend('simd'));

/** What scripts/record-said.js wrote: the class of every test image, a digit of base 36 each. */
interface Recorded {
  readonly lossOfEveryTenth: number;
  readonly said: string;
}

const recordedOf = (name: string): Recorded =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));

/** Whether the two highest probabilities lie so near each other that another order of adding may swap them. */
const isUndecided = ({ probabilities }: Prediction) => {
  const [first, second] = [...probabilities].sort((a, b) => b - a);
  return first - second <= 1e-3;
};

for (const [name, card] of Object.entries<ModelCard>(PRETRAINED))
  describeWith(realImages(card))(`${name} on real test images`, () => {
    const { lossOfEveryTenth, said } = recordedOf(name);
    const recorded = Array.from(said, (digit) => parseInt(digit, 36));

    it('has the accuracy and the confusion of its card by what was recorded of all of them', async () => {
      const { labels, count } = await loadRealImages(card);
      const { binary16, confusion, count: measured } = card.evaluation;
      expect([count, recorded.length]).toEqual([measured, measured]);
      const counts = confusion.map((row) => row.map(() => 0));
      recorded.forEach((predicted, i) => counts[labels![i]][predicted]++);
      expect(counts).toEqual(confusion);
      const right = recorded.filter((predicted, i) => predicted === labels![i]).length;
      expect(right / count).toBe(binary16.accuracy);
    });

    it('names the same classes again of every tenth, as surely', async () => {
      const images = await loadRealImages(card);
      const indices = [...recorded.keys()].filter((i) => i % 10 === 0);
      const tenth = subset(images, indices);
      const { model, preprocessing } = await loadPretrained(name);
      const found = await predictions(model, tenth, { preprocessing });
      const other = found.filter((one, i) => one.predicted !== recorded[indices[i]] && !isUndecided(one));
      expect(other.map(({ index }) => indices[index])).toEqual([]);
      expect(found.filter(isUndecided).length).toBeLessThan(found.length / 100);
      const losses = found.map(({ probabilities }, i) => -Math.log(probabilities[tenth.labels![i]]));
      expect(losses.reduce((sum, loss) => sum + loss) / losses.length).toBeCloseTo(lossOfEveryTenth, 4);
      model.dispose();
    }, 120_000);
  });
