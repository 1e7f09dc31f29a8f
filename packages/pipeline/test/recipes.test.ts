import { memoryStore } from '@convlens/storage';
import { preprocess, type ImageSet } from '@convlens/core';
import { take } from '@convlens/image-set';
import { makeShapes } from '@convlens/image-set/shapes';
import { loadModel, modelNames } from '@convlens/models';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  datasetNames,
  defaultSettings,
  expectSettings,
  readRun,
  recipes,
  recipeTitles,
  trainRun,
  type RunSettings,
} from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('simd');
});

const all = Object.entries(recipes) as [keyof typeof recipes, RunSettings][];

describe('recipes', () => {
  it.each(all)('%s is said in a line and can be run', (name, settings) => {
    expect(recipeTitles[name]).toMatch(/^\S.{20,120}\S$/);
    expect(modelNames).toContain(settings.model);
    // What the data of a recipe is called is not the matter here.
    expect(() => expectSettings({ ...settings, data: 'shapes' })).not.toThrow();
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });

  it('name data sets that are there', () => {
    const missing = all.filter(([, { data }]) => !(datasetNames as string[]).includes(data));
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  it('are those of the reports, number by number', () => {
    expect(recipes.A).toMatchObject({
      optimizer: 'adam',
      learningRate: 1e-3,
      batchSize: 64,
      epochs: 50,
      patience: 10,
    });
    expect(recipes.A).toMatchObject({ plateau: { factor: 0.5, patience: 5 }, validation: 'first:0.1' });
    expect(recipes.B).toMatchObject({ learningRate: 5e-4, batchSize: 32, epochs: 3, validation: 'last:0.1' });
    expect(recipes.C).toMatchObject({
      learningRate: 1e-3,
      batchSize: 20,
      epochs: 20,
      preprocessing: 'centred',
    });
    expect(recipes['D-keras-cifar10']).toMatchObject({
      optimizer: 'rmsprop',
      learningRate: 1e-4,
      stepsPerEpoch: 1000,
    });
    expect(recipes['D-keras-cifar10-long']).toEqual({ ...recipes['D-keras-cifar10'], epochs: 200 });
    expect(recipes['D-keras-cifar10'].schedule).toBe('inverse-time:decay=1e-6');
    expect(recipes['D-cifar10-7layer']).toMatchObject({
      batchSize: 100,
      validation: 'first:100',
      stepsPerEpoch: 1000,
    });
    expect(recipes['D-svhn-4conv']).toMatchObject({
      optimizer: 'nesterov',
      learningRate: 0.01,
      batchSize: 128,
    });
    expect(recipes.E).toMatchObject({
      model: 'mnist-small',
      batchSize: 64,
      epochs: 3,
      validation: 'last:0.1',
    });
  });

  /** A handful of images of the size that a recipe's network was made for. */
  const imagesOf = (data: string): ImageSet => {
    const shapes = makeShapes({ count: 24 });
    if (data !== 'mnist') return shapes;
    const pixels = take(shapes, 24).pixels.filter((_, i) => {
      const [row, column] = [Math.floor(i / 96) % 32, Math.floor(i / 3) % 32];
      return i % 3 === 0 && row < 28 && column < 28;
    });
    return { ...shapes, pixels, height: 28, width: 28, channels: 1 };
  };

  it.each(all)(
    '%s trains, on a few images and in short epochs, into a model that loads',
    async (_name, settings) => {
      const store = memoryStore();
      const images = imagesOf(settings.data);
      const short = { data: 'shapes', epochs: 1, stepsPerEpoch: 2, batchSize: 8, validation: 'first:8' };
      const description = { settings: { ...settings, ...short }, backend: 'simd', versions: {} };
      const before = tf.memory().numTensors;
      const { best } = await trainRun(description, { store, images });
      expect(tf.memory().numTensors).toBe(before);
      expect(best.valLoss).toBeGreaterThan(0);
      const { model, preprocessing } = await loadModel({
        ...store,
        read: (file) => store.read(`model/${file}`),
      });
      expect(model.countParams()).toBeGreaterThan(10_000);
      const inputs = preprocess(images, preprocessing);
      const mean = inputs.reduce((sum, value) => sum + value, 0) / inputs.length;
      const ranges = { unit: [0, 1], centred: [-1, 1], standardized: [-9, 9] };
      const [low, high] = ranges[settings.preprocessing ?? 'unit'];
      expect(inputs.every((value) => value >= low && value <= high)).toBe(true);
      if (settings.preprocessing === 'centred') expect(Math.min(...inputs.subarray(0, 9999))).toBeLessThan(0);
      if (settings.preprocessing === 'standardized') expect(Math.abs(mean)).toBeLessThan(0.2);
      model.dispose();
    },
  );
});

describe('settings that cannot be', () => {
  const refuse = (change: Partial<RunSettings>) =>
    expect(() => expectSettings({ ...defaultSettings, data: 'shapes', model: 'shapes-3conv', ...change }));

  it('are errors that name the setting, what was expected, and the value', () => {
    refuse({ stepsPerEpoch: 0 }).toThrow('Expected stepsPerEpoch to be an integer >= 1, got 0');
    refuse({ validateEvery: 11 }).toThrow('Expected validateEvery to be an integer from 1 to 10, got 11');
    refuse({ weightDecay: -1 }).toThrow('Expected weightDecay to be a number >= 0, got -1');
    refuse({ momentum: 0.9 }).toThrow('Expected the optimizer momentum or nesterov with momentum, got adam');
    refuse({ biasScale: 2 }).toThrow(
      'Expected the optimizer sgd, momentum or nesterov with biasScale, got adam',
    );
    refuse({ whiten: 1 as never }).toThrow('Expected whiten to be true or false, got 1');
    refuse({ classWeights: { 3: -1 } }).toThrow('Expected classWeights[3] to be a number >= 0, got -1');
    refuse({ plateau: { factor: 1, patience: 5 } }).toThrow('Expected plateau.factor to be below 1, got 1');
    refuse({ labelSmoothing: 1 }).toThrow('Expected labelSmoothing to be below 1, got 1');
    refuse({ preprocessing: 'none' as 'unit' }).toThrow('one of unit, centred, standardized, got "none"');
    refuse({ optimizer: 'adagrad' as 'adam' }).toThrow(
      'one of adam, momentum, nesterov, rmsprop, sgd, got "adagrad"',
    );
    refuse({ schedule: 'one-cycle' }).toThrow('Expected either a schedule or a plateau');
    refuse({ plateau: null, schedule: 'up' }).toThrow(
      /Expected a schedule, one of one-cycle.*there is no "up"/,
    );
  });
});

describe('a run whose schedule is laid out over its epochs', () => {
  const settings: RunSettings = {
    ...recipes.shapes,
    plateau: null,
    schedule: 'one-cycle',
    epochs: 2,
    batchSize: 8,
    validateEvery: 2,
  };
  const description = (change: Partial<RunSettings> = {}) => ({
    settings: { ...settings, ...change },
    backend: 'simd',
    versions: {},
  });

  it('is validated as it says, keeps the best of those epochs, and goes on for no other number of them', async () => {
    const [store, images] = [memoryStore(), makeShapes({ count: 40 })];
    const { best } = await trainRun(description(), { store, images });
    expect(best.epoch).toBe(1);
    const { history } = await readRun(store);
    expect(history.map(({ valLoss }) => valLoss !== undefined)).toEqual([false, true]);
    // Five steps an epoch: the rate of the first is a 25th of the peak.
    expect(history[0].learningRate).toBeCloseTo(settings.learningRate / 25, 12);
    expect(history[1].learningRate).toBeGreaterThan(settings.learningRate / 2);
    await expect(trainRun(description({ epochs: 4 }), { store, images, resume: true })).rejects.toThrow(
      'Expected epochs to be 2, over which the schedule one-cycle of this run is laid out, got 4',
    );
  });
});
