import { generateShapes } from '@convlens/image-set/shapes';
import {
  DATASETS,
  expectSettings,
  findRecipe,
  openModel,
  trainRun,
  type RunSettings,
} from '@convlens/pipeline';
import { memoryStore } from '@convlens/storage';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ALL_RECIPES, PROJECT_RECIPES } from '../../src/index.js';
import { load } from '../reproduce/project-e.js';

beforeAll(async () => {
  await tf.setBackend('simd');
});

const settingsOf = (id: string) => findRecipe(id, PROJECT_RECIPES).settings;

/** A few images of the size that the architecture of a recipe has. */
const smallImages = async ({ data }: RunSettings) =>
  data === 'mnist' ? load({ data, split: 'train', limit: 24 }) : generateShapes({ count: 24 });

describe.each(PROJECT_RECIPES.map((recipe) => [recipe.id, recipe] as const))('recipe %s', (id, recipe) => {
  const { title, settings } = recipe;

  it('has a title of one line, valid settings as plain data, and a data set', () => {
    expect(findRecipe(id, ALL_RECIPES)).toBe(recipe);
    expect(title).toMatch(/^\S.{20,120}\S$/);
    expect(DATASETS.map((dataset) => dataset.id)).toContain(settings.data);
    expect(() => expectSettings(settings)).not.toThrow();
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });

  it('trains, on a few images and in short epochs, a model that loads', async () => {
    const store = memoryStore();
    const short = { data: 'shapes', epochs: 1, stepsPerEpoch: 2, batchSize: 8, validation: 'first:8' };
    const description = { settings: { ...settings, ...short }, backend: 'simd', versions: {} };
    const tensorCount = tf.memory().numTensors;
    const { best } = await trainRun(description, { store, images: await smallImages(settings) });
    expect(tf.memory().numTensors).toBe(tensorCount);
    expect(best.valLoss).toBeGreaterThan(0);
    const { model } = await openModel(store);
    expect(model.countParams()).toBeGreaterThan(10_000);
    model.dispose();
  });
});

it('the recipes have the settings of the projects', () => {
  expect(settingsOf('A')).toMatchObject({
    optimizer: 'adam',
    learningRate: 1e-3,
    batchSize: 64,
    epochs: 50,
    patience: 10,
  });
  expect(settingsOf('A')).toMatchObject({ plateau: { factor: 0.5, patience: 5 }, validation: 'first:0.1' });
  expect(settingsOf('B')).toMatchObject({
    learningRate: 5e-4,
    batchSize: 32,
    epochs: 3,
    validation: 'last:0.1',
  });
  expect(settingsOf('C')).toMatchObject({
    learningRate: 1e-3,
    batchSize: 20,
    epochs: 20,
    preprocessing: 'centered',
  });
  expect(settingsOf('D-keras-cifar10')).toMatchObject({
    optimizer: 'rmsprop',
    learningRate: 1e-4,
    stepsPerEpoch: 1000,
  });
  expect(settingsOf('D-keras-cifar10-long')).toEqual({ ...settingsOf('D-keras-cifar10'), epochs: 200 });
  expect(settingsOf('D-keras-cifar10').schedule).toBe('inverse-time:decay=1e-6');
  expect(settingsOf('D-cifar10-7layer')).toMatchObject({
    batchSize: 100,
    validation: 'first:100',
    stepsPerEpoch: 1000,
  });
  expect(settingsOf('D-svhn-4conv')).toMatchObject({
    optimizer: 'nesterov',
    learningRate: 0.01,
    batchSize: 128,
  });
  expect(settingsOf('E')).toMatchObject({
    model: 'mnist-small',
    batchSize: 64,
    epochs: 3,
    validation: 'last:0.1',
  });
});
