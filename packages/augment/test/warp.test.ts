import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affineMatrix, warp, type FillMode } from '../src/index.js';

const FILLS: FillMode[] = ['nearest', 'reflect', 'wrap', 'constant'];

const image = fc
  .record({
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    channels: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ height, width, channels }) => {
    const length = height * width * channels;
    return fc.record({
      height: fc.constant(height),
      width: fc.constant(width),
      channels: fc.constant(channels),
      pixels: fc.uint8Array({ minLength: length, maxLength: length }),
    });
  });

const change = fc.record({
  flip: fc.boolean(),
  rotation: fc.double({ min: -180, max: 180, noNaN: true }),
  shiftColumns: fc.double({ min: -20, max: 20, noNaN: true }),
  shiftRows: fc.double({ min: -20, max: 20, noNaN: true }),
  shear: fc.double({ min: -80, max: 80, noNaN: true }),
  zoomColumns: fc.double({ min: 0.05, max: 3, noNaN: true }),
  zoomRows: fc.double({ min: 0.05, max: 3, noNaN: true }),
});

const row = (values: number[]) => ({
  pixels: Float32Array.from(values),
  height: 1,
  width: values.length,
  channels: 1,
});
const shifted = (columns: number) => affineMatrix({ shiftColumns: columns }, { height: 1, width: 4 });

describe('warp', () => {
  it('changes no value under no change, and only their places under a flip, bit for bit', () => {
    fc.assert(
      fc.property(image, fc.constantFrom(...FILLS), (one, fill) => {
        expect([...warp(one, { matrix: affineMatrix({}, one), fill })]).toEqual([...one.pixels]);
        const matrix = affineMatrix({ flip: true }, one);
        const once = warp(one, { matrix, fill });
        const { width, channels } = one;
        once.forEach((value, i) => {
          const column = Math.floor(i / channels) % width;
          expect(value).toBe(one.pixels[i + (width - 1 - 2 * column) * channels]);
        });
        expect([...warp({ ...one, pixels: once }, { matrix, fill })]).toEqual([...one.pixels]);
      }),
    );
  });

  it('leaves an image of one value as it is, whatever is done to it', () => {
    fc.assert(
      fc.property(image, change, fc.constantFrom(...FILLS), (one, drawn, fill) => {
        const pixels = new Uint8Array(one.pixels.length).fill(77);
        const matrix = affineMatrix(drawn, one);
        for (const value of warp({ ...one, pixels }, { matrix, fill, fillValue: 77 }))
          expect(value).toBeCloseTo(77, 4);
      }),
    );
  });

  it('never leaves the range of the image it interpolates', () => {
    fc.assert(
      fc.property(image, change, fc.constantFrom('nearest', 'reflect', 'wrap'), (one, drawn, fill) => {
        const low = Math.min(...one.pixels);
        const high = Math.max(...one.pixels);
        for (const value of warp(one, { matrix: affineMatrix(drawn, one), fill })) {
          expect(value).toBeGreaterThanOrEqual(low - 1e-4);
          expect(value).toBeLessThanOrEqual(high + 1e-4);
        }
      }),
    );
  });

  it('turns an image counterclockwise by positive degrees', () => {
    const one = { pixels: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), height: 3, width: 3, channels: 1 };
    const warped = warp(one, { matrix: affineMatrix({ rotation: 90 }, one) });
    [3, 6, 9, 2, 5, 8, 1, 4, 7].forEach((value, i) => expect(warped[i]).toBeCloseTo(value, 5));
  });

  it('turns an image that is not square about its own centre', () => {
    const one = { pixels: Float32Array.of(1, 2, 3, 4, 5, 6), height: 2, width: 3, channels: 1 };
    const turned = warp(one, { matrix: affineMatrix({ rotation: 180 }, one) });
    [6, 5, 4, 3, 2, 1].forEach((value, i) => expect(turned[i]).toBeCloseTo(value, 5));
  });

  it('moves columns by shiftColumns and rows by shiftRows', () => {
    const one = { pixels: Float32Array.of(1, 2, 3, 4, 5, 6), height: 2, width: 3, channels: 1 };
    expect([...warp(one, { matrix: affineMatrix({ shiftColumns: 1 }, one) })]).toEqual([2, 3, 3, 5, 6, 6]);
    expect([...warp(one, { matrix: affineMatrix({ shiftRows: 1 }, one) })]).toEqual([4, 5, 6, 4, 5, 6]);
  });

  it.each<[FillMode, number, number[]]>([
    ['nearest', 2, [30, 40, 40, 40]],
    ['nearest', -1.5, [10, 10, 15, 25]],
    ['reflect', 2, [30, 40, 40, 30]],
    ['reflect', -6, [30, 40, 40, 30]],
    ['wrap', 2, [30, 40, 20, 30]],
    ['wrap', -1, [30, 10, 20, 30]],
    ['constant', 2, [30, 40, 7, 7]],
    ['constant', 0.5, [15, 25, 35, 7]],
  ])('fills what lies beyond the border: %s, %d pixels', (fill, columns, expected) => {
    const warped = warp(row([10, 20, 30, 40]), { matrix: shifted(columns), fill, fillValue: 7 });
    expect([...warped]).toEqual(expected);
  });

  it('gives an image of one pixel that pixel, in every mode that repeats the image', () => {
    for (const fill of ['nearest', 'reflect', 'wrap'] as const) {
      const matrix = affineMatrix({ shiftColumns: 2.5, rotation: 30 }, { height: 1, width: 1 });
      expect(warp(row([10]), { matrix, fill })[0]).toBeCloseTo(10, 5);
    }
  });

  it.each([
    [
      { fill: 'mirror' as never },
      'Expected fill to be one of nearest, reflect, wrap, constant, got "mirror"',
    ],
    [{ fillValue: NaN }, 'Expected fillValue to be a number, got NaN'],
    [{ matrix: { ...shifted(0), xx: NaN } }, 'Expected matrix.xx to be a number, got NaN'],
  ])('refuses %o', (options, message) => {
    expect(() => warp(row([1, 2, 3, 4]), { matrix: shifted(0), ...options })).toThrow(message);
  });

  it('refuses pixels that do not fit the size', () => {
    expect(() => warp({ ...row([1, 2, 3, 4]), width: 5 }, { matrix: shifted(0) })).toThrow(
      'Expected pixels to hold 5 values (1 x 5 x 1), got 4',
    );
  });
});
