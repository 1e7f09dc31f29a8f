import { preprocess } from '@convlens/core';
import { generateShapes } from '@convlens/image-set/shapes';
import { describe, expect, it } from 'vitest';
import { preprocessingOf, PREPROCESSINGS } from '../../src/index.js';

const images = generateShapes({ count: 24 });
const ranges = { unit: [0, 1], centered: [-1, 1], standardized: [-9, 9] };

describe.each(PREPROCESSINGS)('preprocessing %s', (name) => {
  const inputs = preprocess(images, preprocessingOf(name, images));
  const mean = inputs.reduce((sum, value) => sum + value, 0) / inputs.length;

  it('maps pixels to its range', () => {
    const [low, high] = ranges[name];
    expect(inputs.every((value) => value >= low && value <= high)).toBe(true);
    if (name === 'centered') expect(Math.min(...inputs.subarray(0, 9999))).toBeLessThan(0);
    if (name === 'standardized') expect(Math.abs(mean)).toBeLessThan(0.2);
  });
});

it('standardized does not change a constant channel', () => {
  const constant = { ...images, pixels: new Uint8Array(images.pixels.length).fill(51) };
  const preprocessing = preprocessingOf('standardized', constant);
  expect(preprocessing.std).toEqual([1, 1, 1]);
});
