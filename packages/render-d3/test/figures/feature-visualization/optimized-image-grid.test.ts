import { expect, it } from 'vitest';
import { optimizedImageGrid } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeOptimizedClasses } from '../../support/method-records.js';
import { rastersOf, textsOf } from '../../support/svg-queries.js';

const [image] = makeOptimizedClasses(['cat']);
const imageOf = (...pixels: number[]) => ({
  ...image,
  height: 2,
  width: 2,
  channels: 1,
  pixels: Float32Array.from(pixels),
});

it('standardizes an image that leaves 0..255 to mean 0.5 and standard deviation 0.1, then clips it', () => {
  const pixels = [-1000, 0, 1000, 2000];
  const mean = 500;
  const std = Math.sqrt((1500 ** 2 + 500 ** 2 + 500 ** 2 + 1500 ** 2) / 4);
  const expected = pixels.map((pixel) => Math.round(255 * (0.5 + (0.1 * (pixel - mean)) / std)));
  const [raster] = rastersOf(optimizedImageGrid([imageOf(...pixels)], { document }));
  raster.data.forEach((level, i) => expect(Math.abs(level - expected[i])).toBeLessThanOrEqual(1));
  const [clipped] = rastersOf(optimizedImageGrid([imageOf(...pixels)], { document, toneMapping: 'clipped' }));
  expect(clipped.data).toEqual([0, 0, 255, 255]);
});

it('shows an image within 0..255 unchanged', () => {
  const [raster] = rastersOf(optimizedImageGrid([imageOf(0, 10, 128, 255)], { document }));
  expect(raster.data).toEqual([0, 10, 128, 255]);
});

it('never cuts the values below an image', () => {
  const values = [
    [0.0000123, 0.000456],
    [0, 0.0123],
    [-0.00789, 12.34],
  ];
  const images = values.map(([initialValue, finalValue]) => ({ ...image, initialValue, finalValue }));
  const svg = optimizedImageGrid(images, { document });
  expect(textsOf(svg)).toEqual(
    expect.arrayContaining(['1.2e-5', '→ 4.6e-4', '0', '→ 0.012', '−0.0079', '→ 12.3']),
  );
});
