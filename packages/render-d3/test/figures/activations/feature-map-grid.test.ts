import type { ImageBatch } from '@convlens/core';
import { expect, it } from 'vitest';
import { colorTable, featureMapGrid } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeImages, makeMaps } from '../../support/records.js';
import { numberOf, rastersOf, textsOf, titleOf } from '../../support/svg-queries.js';
import { TWO_IMAGES, viridisColors } from '../../support/two-images.js';

/** One channel of one image. */
const mapsOf = (...values: number[]) => ({
  ...TWO_IMAGES,
  count: 1,
  indices: [5],
  channels: 1,
  values: Float32Array.from(values),
});

it('normalizes each map on its own: its smallest value has the first color, its largest the last', () => {
  const [first, dead] = rastersOf(featureMapGrid(TWO_IMAGES, { document }));
  expect([first.width, first.height, first.channels]).toEqual([4, 1, 3]);
  expect(first.data).toEqual(viridisColors(0, 64, 128, 255));
  expect(dead.data).toEqual(viridisColors(0, 0, 0, 0));
});

it('standardizes a map to 64 levels per standard deviation around 128', () => {
  const options = { document, scale: 'standardized', colorMap: 'gray' } as const;
  const [first, dead] = rastersOf(featureMapGrid(TWO_IMAGES, options));
  const std = Math.sqrt((1.75 ** 2 + 0.75 ** 2 + 0.25 ** 2 + 2.25 ** 2) / 4);
  const expected = [0, 1, 2, 4].map((value) => Math.floor(((value - 1.75) / std) * 64 + 128));
  expect([0, 3, 6, 9].map((i) => first.data[i])).toEqual(expected);
  expect(dead.data.every((level) => level === 128)).toBe(true);
});

it('shows the maps of one image, each with its filter and its largest value', () => {
  const svg = featureMapGrid(TWO_IMAGES, { document, image: 1, filters: [0] });
  const [first, ...others] = rastersOf(svg);
  expect(first.data).toEqual(viridisColors(255, 255, 128, 0));
  expect(others).toEqual([]);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['Feature maps of relu1: image #9', '0', '8']));
});

it('has one image element per map, whose pixels are squares of whole pixels', () => {
  const svg = featureMapGrid(makeMaps({ size: 14, channels: 32 }), { document });
  const rasters = rastersOf(svg);
  expect(rasters).toHaveLength(32);
  for (const { image } of rasters) {
    expect(numberOf(image, 'width') % 14).toBe(0);
    expect(numberOf(image, 'height')).toBe(numberOf(image, 'width'));
    expect(image.getAttribute('image-rendering')).toBe('pixelated');
  }
  // A frame per tile and the background.
  expect(svg.querySelectorAll('rect')).toHaveLength(33);
});

it('has eight columns by default', () => {
  const rowCount = (columns?: number) => {
    const rasters = rastersOf(featureMapGrid(makeMaps(), { document, columns }));
    return new Set(rasters.map(({ image }) => numberOf(image, 'y'))).size;
  };
  expect(rowCount()).toBe(4);
  expect(rowCount(16)).toBe(2);
});

it('finds its input in a set by index, and in a batch by its indices', () => {
  const images = makeImages({ count: 10 });
  const size = 32 * 32 * 3;
  const rasters = rastersOf(featureMapGrid(TWO_IMAGES, { document, input: images, image: 1 }));
  expect(rasters.some(({ data }) => data.join() === [...images.pixels.subarray(9 * size)].join())).toBe(true);
  const batch: ImageBatch = {
    ...images,
    kind: 'image-batch',
    epoch: 0,
    step: 0,
    count: 2,
    pixels: images.pixels.slice(3 * size, 5 * size),
    labels: Int32Array.of(3, 4),
    indices: Uint32Array.of(5, 9),
  };
  const svg = featureMapGrid(TWO_IMAGES, { document, input: batch, image: 1 });
  const expected = [...images.pixels.subarray(4 * size, 5 * size)].join();
  expect(rastersOf(svg).some(({ data }) => data.join() === expected)).toBe(true);
  const missing = { ...TWO_IMAGES, indices: [5, 12] };
  expect(() => featureMapGrid(missing, { document, input: images, image: 1 })).toThrow(
    'Expected images to hold image 12, got the 10 of discs',
  );
});

it('shows NaN in gray, not in a color of the map', () => {
  const [first] = rastersOf(featureMapGrid(mapsOf(0, NaN, 2, 4), { document }));
  expect(first.data).toEqual([...viridisColors(0), 128, 128, 128, ...viridisColors(128, 255)]);
});

it('writes infinite largest values as ∞, and a dash if there is none', () => {
  const largest = (...values: number[]) => textsOf(featureMapGrid(mapsOf(...values), { document })).at(-1);
  expect(largest(NaN, NaN, NaN, NaN)).toBe('–');
  expect(largest(0, NaN, 2, 4)).toBe('4');
  expect(largest(0, 1, 2, Infinity)).toBe('∞');
});

it('never cuts the filter and the largest value below a map, however narrow the map is', () => {
  const maps = makeMaps({ size: 16, channels: 64 });
  const small = { ...maps, values: maps.values.map((value) => -1.234e-4 * (1 + value)) };
  const texts = textsOf(featureMapGrid(small, { document, columns: 16 }));
  expect(texts).toEqual(expect.arrayContaining(Array.from({ length: 64 }, (_, i) => String(i))));
  expect(texts.filter((text) => text.includes('…'))).toEqual([]);
});

it('shows gradients in diverging colors, white at zero, and names their target', () => {
  const gradients = { ...mapsOf(-1, 0, 0.5, 4), classIndices: [3] };
  const svg = featureMapGrid(gradients, { document, input: makeImages() });
  const [map] = rastersOf(svg);
  const diverging = colorTable('diverging');
  const entries = [(-1 + 4) / 8, 0.5, (0.5 + 4) / 8, 1].map((fraction) =>
    Math.min(255, Math.floor(256 * fraction)),
  );
  expect(map.data).toEqual(entries.flatMap((entry) => [...diverging.slice(3 * entry, 3 * entry + 3)]));
  expect(textsOf(svg)).toContain('±4');
  expect(titleOf(svg)).toBe('Gradients of cat at relu1: dog #5');
  const zeros = { ...gradients, values: new Float32Array(4) };
  const middle = [...diverging.slice(3 * 128, 3 * 129)];
  expect(rastersOf(featureMapGrid(zeros, { document }))[0].data).toEqual(
    [middle, middle, middle, middle].flat(),
  );
  const ofChannel = { ...gradients, classIndices: [-1], target: 'relu2, channel 3' };
  expect(titleOf(featureMapGrid(ofChannel, { document }))).toBe(
    'Gradients of relu2, channel 3 at relu1: image #5',
  );
});

it('lists the available filters in the error about another one', () => {
  expect(() => featureMapGrid(TWO_IMAGES, { document, filters: [2] })).toThrow(
    'Expected filters to be from 0 to 1, got 2',
  );
});
