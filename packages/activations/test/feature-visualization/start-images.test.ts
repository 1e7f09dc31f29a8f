import type { Images } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { visualizeFeatures, type VisualizeFeaturesOptions } from '../../src/index.js';
import { randomImages, sequentialModel } from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const start = (change: Partial<Images> = {}, count = 1): Images => ({ ...randomImages(count), ...change });
const visualize = (options: VisualizeFeaturesOptions, objectives = 1) =>
  visualizeFeatures(
    sequentialModel(),
    Array.from({ length: objectives }, () => ({ kind: 'channel', layer: 'conv', channel: 0 })),
    { steps: 1, frames: [0], ...options },
  );

describe('the start images of an optimization are refused', () => {
  it.each<[string, VisualizeFeaturesOptions, string]>([
    ['pixels that are missing', { start: start({ pixels: new Uint8Array(3) }) }, 'Expected start.pixels'],
    ['a height that is not an integer', { start: start({ height: 7.5 }) }, 'Expected start.height'],
    ['no images', { start: start({ count: 0, pixels: new Uint8Array(0), labels: undefined }) }, 'got 0'],
    [
      'three for one objective',
      { start: start({}, 3) },
      'Expected start to be 1 image or 1, one per objective, got 3',
    ],
    [
      'another name',
      { start: 'black' as never },
      'Expected start to be one of zeros, gray, noise, got "black"',
    ],
    [
      'another height',
      { start: start(), height: 9 },
      'Expected height to be 8, as start has, or left out, got 9',
    ],
    [
      'another width',
      { start: start(), width: 7 },
      'Expected width to be 8, as start has, or left out, got 7',
    ],
    ['too much noise', { noise: 129 }, 'Expected noise'],
  ])('%s', async (_, options, message) => {
    await expect(visualize(options)).rejects.toThrow(message);
  });

  it('if they are two for three objectives', async () => {
    await expect(visualize({ start: start({}, 2) }, 3)).rejects.toThrow(
      'Expected start to be 1 image or 3, one per objective, got 2',
    );
  });
});

describe('the start images of an optimization', () => {
  const framesOf = async (options: VisualizeFeaturesOptions, objectives = 2) =>
    (await visualize(options, objectives)).map(({ frames }) => [...frames[0].pixels]);

  it('are one image for all, or one per objective', async () => {
    const [first, second] = await framesOf({ start: start() });
    expect(second).toEqual(first);
    const two = start({}, 2);
    const frames = await framesOf({ start: two });
    frames.flat().forEach((pixel, i) => expect(pixel).toBeCloseTo(two.pixels[i], 3));
  });

  it.each([
    ['zeros', 0],
    ['gray', 128],
  ] as const)('%s are %i', async (name, level) => {
    for (const pixel of (await framesOf({ start: name }, 1))[0]) expect(pixel).toBeCloseTo(level, 4);
  });
});
