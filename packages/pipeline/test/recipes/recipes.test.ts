import { generateShapes } from '@convlens/image-set/shapes';
import { architectureNames } from '@convlens/models';
import { memoryStore } from '@convlens/storage';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DATASETS, expectSettings, findRecipe, openModel, RECIPES, trainRun } from '../../src/index.js';

beforeAll(async () => {
  await tf.setBackend('simd');
});

describe.each(RECIPES.map((recipe) => [recipe.id, recipe] as const))('recipe %s', (id, recipe) => {
  const { title, settings } = recipe;

  it('has a title of one line, valid settings as plain data, an architecture and a data set', () => {
    expect(findRecipe(id)).toBe(recipe);
    expect(title).toMatch(/^\S.{20,120}\S$/);
    expect(architectureNames).toContain(settings.model);
    expect(DATASETS.map((dataset) => dataset.id)).toContain(settings.data);
    expect(() => expectSettings(settings)).not.toThrow();
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });

  it('trains, on a few images and in short epochs, a model that loads', async () => {
    const store = memoryStore();
    const short = { data: 'shapes', epochs: 1, stepsPerEpoch: 2, batchSize: 8, validation: 'first:8' };
    const description = { settings: { ...settings, ...short }, backend: 'simd', versions: {} };
    const tensorCount = tf.memory().numTensors;
    const { best } = await trainRun(description, { store, images: generateShapes({ count: 24 }) });
    expect(tf.memory().numTensors).toBe(tensorCount);
    expect(best.valLoss).toBeGreaterThan(0);
    const { model } = await openModel(store);
    expect(model.countParams()).toBeGreaterThan(10_000);
    model.dispose();
  });
});

it('an unknown recipe is refused with the list of recipes', () => {
  expect(() => findRecipe('Z')).toThrow(
    'Expected recipe to be one of shapes, cifar10-fast, resnet20-one-cycle, got "Z"',
  );
});
