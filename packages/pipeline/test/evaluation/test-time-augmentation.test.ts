import { evaluateModel } from '@convlens/activations';
import { UNIT_RANGE, type ImageSet } from '@convlens/core';
import { generateShapes } from '@convlens/image-set/shapes';
import { buildModel } from '@convlens/models';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateOpenModel } from '../../src/index.js';

const images: ImageSet = generateShapes({ count: 150 });
let model: tf.LayersModel;

beforeAll(async () => {
  await tf.setBackend('simd');
  model = buildModel('shapes-3conv', { seed: 4 });
});
afterAll(() => model.dispose());

/** Each image shifted down and right by whole pixels, with reflected borders, as a tensor. */
function shifted(x: tf.Tensor4D, by: number): tf.Tensor4D {
  const paddings: [number, number][] = [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ];
  const padded = tf.mirrorPad(x, paddings, 'reflect') as tf.Tensor4D;
  return tf.slice4d(padded, [0, 1 - by, 1 - by, 0], [-1, 32, 32, -1]);
}

describe('evaluation with test-time augmentation', () => {
  it.each([
    { testTimeAugmentation: 'flips', weights: { 0: 1 } },
    // A shift counts half: 2/8 for each of the two that are not shifted, 1/8 for each of the four that are.
    { testTimeAugmentation: 'flips-and-shifts', weights: { 0: 0.5, 1: 0.25, [-1]: 0.25 } },
  ] as const)(
    'evaluates the weighted mean of the probabilities: $testTimeAugmentation',
    async ({ testTimeAugmentation, weights }) => {
      const expected = tf.tidy(() => {
        const x = tf.tensor4d(Float32Array.from(images.pixels), [150, 32, 32, 3]).div(255) as tf.Tensor4D;
        const terms = Object.entries(weights).flatMap(([by, weight]) =>
          [shifted(x, Number(by)), tf.reverse4d(shifted(x, Number(by)), 2)].map((transformed) =>
            (model.predict(transformed) as tf.Tensor2D).mul(weight / 2),
          ),
        );
        return tf.addN(terms).arraySync() as number[][];
      });
      const loss = expected.reduce((sum, row, i) => sum - Math.log(row[images.labels![i]]), 0) / 150;
      const correct = expected.filter((row, i) => row.indexOf(Math.max(...row)) === images.labels![i]).length;
      const tensorCount = tf.memory().numTensors;
      const reported: number[][] = [];
      const onProgress = (...progress: number[]) => reported.push(progress);
      const opened = { model, preprocessing: UNIT_RANGE };
      const evaluation = await evaluateOpenModel(opened, images, { testTimeAugmentation, onProgress });
      expect(tf.memory().numTensors).toBe(tensorCount);
      expect(evaluation.loss).toBeCloseTo(loss, 5);
      expect([evaluation.accuracy, evaluation.count]).toEqual([correct / 150, 150]);
      expect(evaluation.name).toBe(`${images.name}, test-time augmentation ${testTimeAugmentation}`);
      expect(evaluation.confusion.counts.reduce((sum, count) => sum + count, 0)).toBe(150);
      const total = 150 * 2 * Object.keys(weights).length;
      expect(reported.at(-1)).toEqual([total, total]);
      const plain = await evaluateOpenModel(opened, images);
      expect(plain).toEqual(await evaluateModel(model, images));
      expect(Math.abs(plain.loss - evaluation.loss)).toBeGreaterThan(1e-5);
    },
  );

  it('stops when it is aborted', async () => {
    const aborted = evaluateOpenModel({ model, preprocessing: UNIT_RANGE }, images, {
      testTimeAugmentation: 'flips',
      signal: AbortSignal.abort(),
    });
    await expect(aborted).rejects.toThrow('aborted');
  });

  it('refuses images without labels before it evaluates any', async () => {
    const unlabeled = { ...images, labels: undefined };
    const onProgress = () => expect.unreachable();
    const refused = evaluateOpenModel({ model, preprocessing: UNIT_RANGE }, unlabeled, {
      testTimeAugmentation: 'flips',
      onProgress,
    });
    await expect(refused).rejects.toThrow(`Expected images with labels, got ${images.name} without any`);
  });

  it('lists the kinds of test-time augmentation', async () => {
    const refused = evaluateOpenModel({ model, preprocessing: UNIT_RANGE }, images, {
      testTimeAugmentation: 'crops' as never,
    });
    await expect(refused).rejects.toThrow(
      'Expected testTimeAugmentation to be one of flips, flips-and-shifts, got "crops"',
    );
  });
});
