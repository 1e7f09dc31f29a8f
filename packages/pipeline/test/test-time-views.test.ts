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

describe('an evaluation averaged over flips', () => {
  it('measures the mean of the probabilities of the image and of its mirror image', async () => {
    const expected = tf.tidy(() => {
      const x = tf.tensor4d(Float32Array.from(images.pixels), [150, 32, 32, 3]).div(255) as tf.Tensor4D;
      const both = [x, tf.reverse4d(x, 2)].map((input) => model.predict(input) as tf.Tensor2D);
      return both[0].add(both[1]).div(2).arraySync() as number[][];
    });
    const loss = expected.reduce((sum, row, i) => sum - Math.log(row[images.labels![i]]), 0) / 150;
    const right = expected.filter((row, i) => row.indexOf(Math.max(...row)) === images.labels![i]).length;
    const before = tf.memory().numTensors;
    const told: number[][] = [];
    const onProgress = (...progress: number[]) => told.push(progress);
    const subject = { model, preprocessing: UNIT_RANGE };
    const got = await evaluateSubject(subject, images, { flipAverage: true, onProgress });
    expect(tf.memory().numTensors).toBe(before);
    expect(got.loss).toBeCloseTo(loss, 5);
    expect([got.accuracy, got.count]).toEqual([right / 150, 150]);
    expect(got.name).toBe(`${images.name}, average over flips`);
    expect(got.confusion.counts.reduce((sum, count) => sum + count, 0)).toBe(150);
    expect(told.at(-1)).toEqual([300, 300]);
    const plain = await evaluateSubject(subject, images);
    expect(plain).toEqual(await evaluateModel(model, images));
    expect(Math.abs(plain.loss - got.loss)).toBeGreaterThan(1e-5);
  });

  it('stops when it is told to', async () => {
    const subject = { model, preprocessing: UNIT_RANGE };
    const stopped = evaluateSubject(subject, images, { flipAverage: true, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow('aborted');
  });
});
