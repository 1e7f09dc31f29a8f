import { findRecipe } from '@convlens/pipeline';
import { describe, expect, it } from 'vitest';
import { ALL_RECIPES } from '../src/index.js';
import { scaledCount, scaledSettings } from '../src/scale.js';

const settingsOf = (id: string) => findRecipe(id, ALL_RECIPES).settings;

describe('scaledSettings', () => {
  it('scales the images, the epochs and the steps per epoch, down to a minimum', () => {
    const settings = settingsOf('D-keras-cifar10');
    expect(scaledSettings(settings, { scale: 1, count: 50_000 })).toBe(settings);
    const tenth = { ...settings, limit: 5000, epochs: 5, stepsPerEpoch: 100 };
    expect(scaledSettings(settings, { scale: 0.1, count: 50_000 })).toEqual(tenth);
    const largeBatches = settingsOf('cifar10-fast');
    const threeBatches = { ...largeBatches, limit: 3 * largeBatches.batchSize, epochs: 1 };
    expect(scaledSettings(largeBatches, { scale: 0.001, count: 50_000 })).toEqual(threeBatches);
    const allImages = { ...threeBatches, limit: 300 };
    expect(scaledSettings(largeBatches, { scale: 0.001, count: 300 })).toEqual(allImages);
    const minimum = { ...settingsOf('E'), limit: 200, epochs: 1 };
    expect(scaledSettings(settingsOf('E'), { scale: 0.001, count: 60_000 })).toEqual(minimum);
  });
});

describe('scaledCount', () => {
  it('is never more than the number of images', () => {
    expect([scaledCount(150, 0.5), scaledCount(10_000, 0.5), scaledCount(150, 1)]).toEqual([150, 5000, 150]);
  });
});
