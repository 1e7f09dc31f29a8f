import { preprocess } from '@convlens/core';
import { generateShapes } from '@convlens/image-set/shapes';
import { memoryStore } from '@convlens/storage';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { findRecipe, openModel, readRun, trainRun, type RunSettings } from '../../src/index.js';

beforeAll(async () => {
  await tf.setBackend('simd');
});

const images = generateShapes({ count: 80 });
const train = async (change: Partial<RunSettings>) => {
  const store = memoryStore();
  const settings: RunSettings = {
    ...findRecipe('shapes').settings,
    epochs: 1,
    batchSize: 16,
    augment: '',
    plateau: null,
    ...change,
  };
  await trainRun({ settings, backend: 'simd', versions: {} }, { store, images });
  return store;
};

describe('a run with whitening', () => {
  it('freezes the first convolution, whose outputs on the training images are uncorrelated', async () => {
    const store = await train({
      model: 'cifar10-fast',
      whiten: true,
      preprocessing: 'standardized',
      epochs: 2,
    });
    const { model, preprocessing } = await openModel(store);
    expect(model.getLayer('conv0').trainable).toBe(false);
    // The first tenth of the images is held out.
    const inputs = preprocess(images, preprocessing, { start: 8 });
    const moments = tf.tidy(() => {
      const y = model.getLayer('conv0').apply(tf.tensor4d(inputs, [72, 32, 32, 3])) as tf.Tensor;
      const rows = y.reshape([-1, 24]).slice([0, 0], [-1, 12]) as tf.Tensor2D;
      return tf.matMul(rows, rows, true).div(rows.shape[0]).arraySync() as number[][];
    });
    const scale = Math.max(...moments.flat());
    expect(scale).toBeGreaterThan(0.9);
    expect(scale).toBeLessThan(1.0001);
    moments.forEach((row, i) =>
      row.forEach((moment, j) => i !== j && expect(Math.abs(moment), `${i}, ${j}`).toBeLessThan(1e-3)),
    );
    model.dispose();
  });
});

describe('class weights', () => {
  it('of 2 for every class double the loss, and give the same steps at half the learning rate', async () => {
    const classWeights = Object.fromEntries(images.classNames.map((_, label) => [label, 2]));
    const plain = await train({ optimizer: 'sgd', learningRate: 0.02 });
    const weighted = await train({ optimizer: 'sgd', learningRate: 0.01, classWeights });
    const [[before], [after]] = [(await readRun(plain)).history, (await readRun(weighted)).history];
    expect(after.loss / before.loss).toBeCloseTo(2, 5);
    expect(after.valLoss).toBeCloseTo(before.valLoss!, 5);
  });

  it('of an unknown class are refused, and leave no files', async () => {
    const store = memoryStore();
    const settings: RunSettings = { ...findRecipe('shapes').settings, classWeights: { 12: 2 } };
    const run = trainRun({ settings, backend: 'simd', versions: {} }, { store, images });
    await expect(run).rejects.toThrow('Expected classWeights for classes from 0 to 9, got one for "12"');
    expect(await store.list()).toEqual([]);
  });
});
