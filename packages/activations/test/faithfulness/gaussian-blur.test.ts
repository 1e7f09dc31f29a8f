import { describe, expect, it } from 'vitest';
import { gaussianBlur } from '../../src/faithfulness/gaussian-blur.js';

describe('gaussianBlur', () => {
  it('keeps constant images and spreads a point by a Gaussian', () => {
    const size = { height: 23, width: 23, channels: 2 };
    const level = new Float32Array(23 * 23 * 2).fill(7);
    gaussianBlur(level, size).forEach((value) => expect(value).toBeCloseTo(7, 4));
    const point = new Float32Array(23 * 23 * 2);
    const middle = (11 * 23 + 11) * 2;
    point[middle] = 1;
    const blurred = gaussianBlur(point, size);
    expect(blurred[middle + 2 * 3] / blurred[middle]).toBeCloseTo(Math.exp(-9 / 50), 5);
    expect(blurred[middle + 2 * 23 * 4] / blurred[middle]).toBeCloseTo(Math.exp(-16 / 50), 5);
    expect(blurred.filter((_, i) => i % 2 === 1).every((value) => value === 0)).toBe(true);
  });
});
