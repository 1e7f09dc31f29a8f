import { normal, randomAt, type OptimizedImage } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { toImageSet } from '../../src/index.js';

describe('toImageSet', () => {
  it('standardizes each image to one mean and deviation, and clips to 0..255', () => {
    const random = randomAt(1);
    const optimized: OptimizedImage = {
      objective: { kind: 'class', class: 'cat' },
      name: 'a',
      height: 50,
      width: 100,
      channels: 1,
      pixels: Float32Array.from({ length: 5000 }, () => 1000 + 300 * normal(random)),
      initialValue: 0,
      finalValue: 1,
      history: new Float32Array(0),
      frames: [],
    };
    const standardized = Float32Array.from(toImageSet([optimized], { contrast: 'standardized' }).pixels);
    const mean = standardized.reduce((a, b) => a + b) / 5000;
    expect(mean).toBeCloseTo(127.5, 1);
    expect(Math.sqrt(standardized.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 5000)).toBeCloseTo(25.5, 1);
    const clipped = toImageSet([optimized], { contrast: 'clipped' });
    expect(clipped.pixels.every((pixel) => pixel <= 255)).toBe(true);
  });
});
