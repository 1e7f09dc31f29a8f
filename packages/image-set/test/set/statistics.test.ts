import { describe, expect, it } from 'vitest';
import { classCounts, pixelStatistics } from '../../src/index.js';
import { setOf } from './sets.js';

describe('pixelStatistics', () => {
  it.each([Uint8Array, Float32Array])(
    'is the mean and the population std of each channel, scaled to [0, 1] (%o)',
    (Pixels) => {
      const set = { ...setOf([0]), pixels: Pixels.of(0, 51, 102, 255, 51, 204) };
      const { mean, std } = pixelStatistics(set);
      [0.5, 0.2, 0.6].forEach((value, c) => expect(mean[c]).toBeCloseTo(value, 12));
      [0.5, 0, 0.2].forEach((value, c) => expect(std[c]).toBeCloseTo(value, 12));
    },
  );

  it('refuses an empty set', () => {
    expect(() => pixelStatistics(setOf([]))).toThrow('Expected at least one image, got none');
  });
});

describe('classCounts', () => {
  it('counts each class, also those without images', () => {
    expect(classCounts(setOf([2, 0, 2]))).toEqual([1, 0, 2]);
  });

  it('refuses images without labels', () => {
    const bare = { ...setOf([0]), labels: undefined };
    expect(() => classCounts(bare)).toThrow('Expected tiny to have labels, got none');
  });
});
