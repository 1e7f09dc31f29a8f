import { memoryStore } from '@convlens/storage';
import { preprocess } from '@convlens/core';
import { makeShapes } from '@convlens/image-set/shapes';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSubject, readRun, recipes, trainRun, type RunSettings } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('simd');
});

const images = makeShapes({ count: 80 });
const train = async (change: Partial<RunSettings>) => {
  const store = memoryStore();
  const settings: RunSettings = {
    ...recipes.shapes,
    epochs: 1,
    batchSize: 16,
    augment: '',
    plateau: null,
    ...change,
  };
  await trainRun({ settings, backend: 'simd', versions: {} }, { store, images });
  return store;
};

describe('a run that whitens', () => {
  it('leaves the first convolution as it was set, and it makes unrelated values of the patches of the training images', async () => {
    const store = await train({
      model: 'cifar10-fast',
      whiten: true,
      preprocessing: 'standardized',
      epochs: 2,
    });
    const { model, preprocessing } = await openSubject(store);
    expect(model.getLayer('conv0').trainable).toBe(false);
    // The first tenth is held out.
    const inputs = preprocess(images, preprocessing, { start: 8 });
    const responses = tf.tidy(() => {
      const y = model.getLayer('conv0').apply(tf.tensor4d(inputs, [72, 32, 32, 3])) as tf.Tensor;
      const rows = y.reshape([-1, 24]).slice([0, 0], [-1, 12]) as tf.Tensor2D;
      return tf.matMul(rows, rows, true).div(rows.shape[0]).arraySync() as number[][];
    });
    const scale = Math.max(...responses.flat());
    expect(scale).toBeGreaterThan(0.9);
    expect(scale).toBeLessThan(1.0001);
    responses.forEach((row, i) =>
      row.forEach((moment, j) => i !== j && expect(Math.abs(moment), `${i}, ${j}`).toBeLessThan(1e-3)),
    );
    model.dispose();
  });
});

describe('class weights', () => {
  it('of 2 for every class are a loss twice as large, and at half the rate the same steps', async () => {
    const twice = Object.fromEntries(images.classNames.map((_, label) => [label, 2]));
    const plain = await train({ optimizer: 'sgd', learningRate: 0.02 });
    const weighted = await train({ optimizer: 'sgd', learningRate: 0.01, classWeights: twice });
    const [[before], [after]] = [(await readRun(plain)).history, (await readRun(weighted)).history];
    expect(after.loss / before.loss).toBeCloseTo(2, 5);
    expect(after.valLoss).toBeCloseTo(before.valLoss!, 5);
  });

  it('of a class that is not there are refused, and nothing is left behind', async () => {
    const store = memoryStore();
    const settings: RunSettings = { ...recipes.shapes, classWeights: { 12: 2 } };
    const run = trainRun({ settings, backend: 'simd', versions: {} }, { store, images });
    await expect(run).rejects.toThrow('Expected classWeights for classes from 0 to 9, got one for "12"');
    expect(await store.list()).toEqual([]);
  });
});
