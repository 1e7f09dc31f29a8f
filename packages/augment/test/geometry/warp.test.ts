import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affineMatrix, FILL_MODES, warp, type FillMode } from '../../src/index.js';

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

const geometry = fc.record({
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
  it('is exact for the identity and for a flip', () => {
    fc.assert(
      fc.property(image, fc.constantFrom(...FILL_MODES), (image, fillMode) => {
        expect([...warp(image, { matrix: affineMatrix({}, image), fillMode })]).toEqual([...image.pixels]);
        const matrix = affineMatrix({ flip: true }, image);
        const once = warp(image, { matrix, fillMode });
        const { width, channels } = image;
        once.forEach((value, i) => {
          const column = Math.floor(i / channels) % width;
          expect(value).toBe(image.pixels[i + (width - 1 - 2 * column) * channels]);
        });
        expect([...warp({ ...image, pixels: once }, { matrix, fillMode })]).toEqual([...image.pixels]);
      }),
    );
  });

  it('does not change an image of image value', () => {
    fc.assert(
      fc.property(image, geometry, fc.constantFrom(...FILL_MODES), (image, geometry, fillMode) => {
        const pixels = new Uint8Array(image.pixels.length).fill(77);
        const matrix = affineMatrix(geometry, image);
        for (const value of warp({ ...image, pixels }, { matrix, fillMode, fillValue: 77 }))
          expect(value).toBeCloseTo(77, 4);
      }),
    );
  });

  it('stays within the range of the image', () => {
    fc.assert(
      fc.property(
        image,
        geometry,
        fc.constantFrom('nearest', 'reflect', 'wrap'),
        (image, geometry, fillMode) => {
          const low = Math.min(...image.pixels);
          const high = Math.max(...image.pixels);
          for (const value of warp(image, { matrix: affineMatrix(geometry, image), fillMode })) {
            expect(value).toBeGreaterThanOrEqual(low - 1e-4);
            expect(value).toBeLessThanOrEqual(high + 1e-4);
          }
        },
      ),
    );
  });

  it('rotates counterclockwise for positive degrees', () => {
    const image = { pixels: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), height: 3, width: 3, channels: 1 };
    const warped = warp(image, { matrix: affineMatrix({ rotation: 90 }, image) });
    [3, 6, 9, 2, 5, 8, 1, 4, 7].forEach((value, i) => expect(warped[i]).toBeCloseTo(value, 5));
  });

  it('rotates an image that is not square about its center', () => {
    const image = { pixels: Float32Array.of(1, 2, 3, 4, 5, 6), height: 2, width: 3, channels: 1 };
    const rotated = warp(image, { matrix: affineMatrix({ rotation: 180 }, image) });
    [6, 5, 4, 3, 2, 1].forEach((value, i) => expect(rotated[i]).toBeCloseTo(value, 5));
  });

  it('shifts columns by shiftColumns and rows by shiftRows', () => {
    const image = { pixels: Float32Array.of(1, 2, 3, 4, 5, 6), height: 2, width: 3, channels: 1 };
    expect([...warp(image, { matrix: affineMatrix({ shiftColumns: 1 }, image) })]).toEqual([
      2, 3, 3, 5, 6, 6,
    ]);
    expect([...warp(image, { matrix: affineMatrix({ shiftRows: 1 }, image) })]).toEqual([4, 5, 6, 4, 5, 6]);
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
  ])('fills outside the image: %s, %d pixels', (fillMode, columns, expected) => {
    const warped = warp(row([10, 20, 30, 40]), { matrix: shifted(columns), fillMode, fillValue: 7 });
    expect([...warped]).toEqual(expected);
  });

  it('repeats the only pixel of an image in every mode that repeats the image', () => {
    for (const fillMode of ['nearest', 'reflect', 'wrap'] as const) {
      const matrix = affineMatrix({ shiftColumns: 2.5, rotation: 30 }, { height: 1, width: 1 });
      expect(warp(row([10]), { matrix, fillMode })[0]).toBeCloseTo(10, 5);
    }
  });

  it.each([
    [
      { fillMode: 'mirror' as never },
      'Expected fillMode to be one of nearest, reflect, wrap, constant, got "mirror"',
    ],
    [{ fillValue: NaN }, 'Expected fillValue to be a number, got NaN'],
    [{ matrix: { ...shifted(0), xx: NaN } }, 'Expected matrix.xx to be a number, got NaN'],
  ])('refuses %o', (options, message) => {
    expect(() => warp(row([1, 2, 3, 4]), { matrix: shifted(0), ...options })).toThrow(message);
  });

  it('refuses a number of pixels that does not fit the size', () => {
    expect(() => warp({ ...row([1, 2, 3, 4]), width: 5 }, { matrix: shifted(0) })).toThrow(
      'Expected pixels to hold 5 values (1 x 5 x 1), got 4',
    );
  });
});
