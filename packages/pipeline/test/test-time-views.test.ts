import { evaluateModel } from '@convlens/activations';
import { UNIT_RANGE, type ImageSet } from '@convlens/core';
import { makeShapes } from '@convlens/image-set/shapes';
import { buildModel } from '@convlens/models';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateSubject } from '../src/index.js';

const images: ImageSet = makeShapes({ count: 150 });
let model: tf.LayersModel;

beforeAll(async () => {
  await tf.setBackend('simd');
  model = buildModel('shapes-3conv', { seed: 4 });
});
afterAll(() => model.dispose());

/** Each image moved down and to the right by pixels, what comes in reflected, as a tensor. */
const moved = (x: tf.Tensor4D, by: number) => {
  const padded = tf.mirrorPad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], 'reflect') as tf.Tensor4D; // prettier-ignore
  return tf.slice4d(padded, [0, 1 - by, 1 - by, 0], [-1, 32, 32, -1]);
};

describe('an evaluation averaged over views of each image', () => {
  it.each([
    { average: 'flips', parts: { 0: 1 } },
    // Those moved by a pixel count half: 2/8 of the two as they are, 1/8 of each of the four that are moved.
    { average: 'flips-and-shifts', parts: { 0: 0.5, 1: 0.25, [-1]: 0.25 } },
  ] as const)('measures the mean of the probabilities, weighted: $average', async ({ average, parts }) => {
    const expected = tf.tidy(() => {
      const x = tf.tensor4d(Float32Array.from(images.pixels), [150, 32, 32, 3]).div(255) as tf.Tensor4D;
      const said = Object.entries(parts).flatMap(([by, part]) =>
        [moved(x, Number(by)), tf.reverse4d(moved(x, Number(by)), 2)].map((seen) =>
          (model.predict(seen) as tf.Tensor2D).mul(part / 2),
        ),
      );
      return tf.addN(said).arraySync() as number[][];
    });
    const loss = expected.reduce((sum, row, i) => sum - Math.log(row[images.labels![i]]), 0) / 150;
    const right = expected.filter((row, i) => row.indexOf(Math.max(...row)) === images.labels![i]).length;
    const before = tf.memory().numTensors;
    const told: number[][] = [];
    const onProgress = (...progress: number[]) => told.push(progress);
    const subject = { model, preprocessing: UNIT_RANGE };
    const got = await evaluateSubject(subject, images, { average, onProgress });
    expect(tf.memory().numTensors).toBe(before);
    expect(got.loss).toBeCloseTo(loss, 5);
    expect([got.accuracy, got.count]).toEqual([right / 150, 150]);
    expect(got.name).toBe(`${images.name}, average over ${average.replaceAll('-', ' ')}`);
    expect(got.confusion.counts.reduce((sum, count) => sum + count, 0)).toBe(150);
    const all = 150 * 2 * Object.keys(parts).length;
    expect(told.at(-1)).toEqual([all, all]);
    const plain = await evaluateSubject(subject, images);
    expect(plain).toEqual(await evaluateModel(model, images));
    expect(Math.abs(plain.loss - got.loss)).toBeGreaterThan(1e-5);
  });

  it('stops when it is told to', async () => {
    const subject = { model, preprocessing: UNIT_RANGE };
    const stopped = evaluateSubject(subject, images, { average: 'flips', signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow('aborted');
  });

  it('refuses images without labels before it has looked at any', async () => {
    const unlabelled = { ...images, labels: undefined };
    const onProgress = () => expect.unreachable();
    const asked = evaluateSubject({ model, preprocessing: UNIT_RANGE }, unlabelled, {
      average: 'flips',
      onProgress,
    });
    await expect(asked).rejects.toThrow(`Expected images with labels, got ${images.name} without any`);
  });

  it('says which views there are', async () => {
    const asked = evaluateSubject({ model, preprocessing: UNIT_RANGE }, images, {
      average: 'crops' as never,
    });
    await expect(asked).rejects.toThrow('Expected average to be one of flips, flips-and-shifts, got "crops"');
  });
});
