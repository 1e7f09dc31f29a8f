import { createHash } from 'node:crypto';
import { expectImages, type ImageSet } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { classCounts, subset } from '../../src/index.js';
import { generateShapes, SHAPES_CLASSES } from '../../src/shapes.js';

const train = generateShapes({ count: 2000 });
const test = generateShapes({ count: 500, split: 'test' });
const md5 = (set: ImageSet) => createHash('md5').update(set.pixels).digest('hex');

describe('generateShapes', () => {
  it('returns labeled images of 32 x 32 x 3 bytes in ten named classes', () => {
    expect(() => expectImages('train', train)).not.toThrow();
    expect([train.height, train.width, train.channels, train.classNames.length]).toEqual([32, 32, 3, 10]);
    expect(train.classNames).toEqual(SHAPES_CLASSES);
    expect([train.name, test.name]).toEqual(['shapes train', 'shapes test']);
    expect(generateShapes({ count: 0 }).count).toBe(0);
  });

  it('has each class once in every ten images, in a random order', () => {
    const tens = Array.from({ length: 200 }, (_, i) => [...train.labels!.subarray(10 * i, 10 * i + 10)]);
    for (const ten of tens) expect([...ten].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(tens.map(String)).size).toBe(200);
    expect(classCounts(generateShapes({ count: 25 })).every((count) => count === 2 || count === 3)).toBe(
      true,
    );
  });

  it('starts a longer set with the images of a shorter one', () => {
    const few = generateShapes({ count: 13 });
    expect(few.pixels).toEqual(train.pixels.slice(0, few.pixels.length));
    expect(few.labels).toEqual(train.labels!.slice(0, 13));
  });

  it('has no image twice, in one set, split or seed', () => {
    const sets = [train, test, generateShapes({ count: 500, seed: 1 })];
    const images = sets.flatMap((set) => Array.from({ length: set.count }, (_, i) => md5(subset(set, [i]))));
    expect(new Set(images).size).toBe(3000);
  });

  it('never changes: results are compared across machines', () => {
    expect(md5(generateShapes({ count: 100 }))).toBe(MD5_OF_100);
  });

  it('has shapes that contrast with the background, light on dark as often as dark on light', () => {
    // The center of a disc is brighter or darker than the mean of the image.
    const discs = Array.from({ length: 2000 }, (_, i) => i).filter((i) => train.labels![i] === 0);
    let brighter = 0;
    for (const i of discs) {
      const pixels = train.pixels.subarray(i * 3072, (i + 1) * 3072);
      const mean = (values: ArrayLike<number>) =>
        Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
      const center = [14, 15, 16, 17].map((row) => pixels.subarray((row * 32 + 14) * 3, (row * 32 + 18) * 3));
      const middle = center.reduce((sum, line) => sum + mean(line) / 4, 0);
      if (middle > mean(pixels)) brighter++;
    }
    expect(Math.abs(brighter / discs.length - 0.5)).toBeLessThan((4.5 * 0.5) / Math.sqrt(discs.length));
  });

  it('has a mean color that does not depend on the class', () => {
    for (let c = 0; c < 3; c++) {
      const means = Array.from({ length: train.count }, (_, i) => {
        let sum = 0;
        for (let p = c; p < 3072; p += 3) sum += train.pixels[i * 3072 + p];
        return sum / 1024;
      });
      const overall = means.reduce((sum, value) => sum + value, 0) / train.count;
      const deviation = Math.sqrt(
        means.reduce((sum, value) => sum + (value - overall) ** 2, 0) / train.count,
      );
      const sums = new Float64Array(10);
      means.forEach((value, i) => (sums[train.labels![i]] += value / 200));
      for (const mean of sums)
        expect(Math.abs(mean - overall)).toBeLessThan((4.5 * deviation) / Math.sqrt(200));
    }
  });

  it('cannot be classified by a linear classifier on pixels', () => {
    const weights = trainSoftmax(train);
    expect(accuracy(weights, train)).toBeGreaterThan(0.3);
    expect(accuracy(weights, test)).toBeLessThan(0.25);
  });

  it('refuses a count below 0 and an unknown split', () => {
    expect(() => generateShapes({ count: -1 })).toThrow('Expected count to be an integer >= 0, got -1');
    expect(() => generateShapes({ split: 'validation' as never })).toThrow('one of train, test');
  });
});

/** Each image as values from -0.5 to 0.5. */
const centered = ({ pixels, count }: ImageSet) =>
  Array.from({ length: count }, (_, i) =>
    Float64Array.from(pixels.subarray(i * 3072, (i + 1) * 3072), (value) => value / 255 - 0.5),
  );

function scores(weights: readonly Float64Array[], image: Float64Array): number[] {
  return weights.map((row) => {
    let sum = 0;
    for (let p = 0; p < 3072; p++) sum += row[p] * image[p];
    return sum;
  });
}

/** Softmax regression by stochastic gradient descent: a row of weights for each class. */
function trainSoftmax(set: ImageSet): Float64Array[] {
  const images = centered(set);
  const weights = Array.from({ length: 10 }, () => new Float64Array(3072));
  for (let epoch = 0; epoch < 10; epoch++)
    images.forEach((image, i) => {
      const exponentials = scores(weights, image).map(Math.exp);
      const total = exponentials.reduce((sum, value) => sum + value, 0);
      for (const [k, row] of weights.entries()) {
        const step = 1e-3 * (exponentials[k] / total - (set.labels![i] === k ? 1 : 0));
        for (let p = 0; p < 3072; p++) row[p] -= step * image[p];
      }
    });
  return weights;
}

function accuracy(weights: readonly Float64Array[], set: ImageSet): number {
  const correct = centered(set).filter((image, i) => {
    const all = scores(weights, image);
    return all.indexOf(Math.max(...all)) === set.labels![i];
  });
  return correct.length / set.count;
}

const MD5_OF_100 = 'a828309bd42430548b6cf6bd6a1fccf7';
