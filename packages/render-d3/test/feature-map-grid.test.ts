import type { FeatureMaps, ImageBatch } from '@convlens/core';
import { expect, it } from 'vitest';
import {
  colorTable,
  featureMapComparison,
  featureMapGrid,
  layerProgression,
  unitActivationBars,
} from '../src/index.js';
import { document } from './dom.js';
import { numberOf, picturesOf, textsOf } from './decode.js';
import { makeImages, makeMaps, makeUnits } from './records.js';

const viridis = colorTable('viridis');
const colors = (...entries: number[]) =>
  entries.flatMap((entry) => [...viridis.slice(entry * 3, entry * 3 + 3)]);

/** Two images, 1 x 4 pixels, two channels; the second channel never answers. */
const maps: FeatureMaps = {
  layer: 'relu1',
  indices: [5, 9],
  count: 2,
  height: 1,
  width: 4,
  channels: 2,
  values: Float32Array.of(0, 0, 1, 0, 2, 0, 4, 0, /* the other image: */ 8, 0, 8, 0, 4, 0, 0, 0),
};

it('normalizes each map on its own: its smallest value is the first colour, its largest the last', () => {
  const [first, dead] = picturesOf(featureMapGrid(maps, { document }));
  expect([first.width, first.height, first.channels]).toEqual([4, 1, 3]);
  expect(first.data).toEqual(colors(0, 64, 128, 255));
  expect(dead.data).toEqual(colors(0, 0, 0, 0));
});

it('takes the scale of all maps drawn where that is asked for', () => {
  const [first] = picturesOf(featureMapComparison(maps, { document, scale: 'shared' }));
  expect(first.data).toEqual(colors(0, 32, 64, 128));
});

it('standardizes a map to 64 levels a standard deviation around 128', () => {
  const [first, dead] = picturesOf(
    featureMapGrid(maps, { document, scale: 'standardized', colorMap: 'grey' }),
  );
  const std = Math.sqrt((1.75 ** 2 + 0.75 ** 2 + 0.25 ** 2 + 2.25 ** 2) / 4);
  const expected = [0, 1, 2, 4].map((value) => Math.floor(((value - 1.75) / std) * 64 + 128));
  expect([0, 3, 6, 9].map((i) => first.data[i])).toEqual(expected);
  expect(dead.data.every((level) => level === 128)).toBe(true);
});

it('draws the maps of the image asked for, each with its filter and its largest value', () => {
  const svg = featureMapGrid(maps, { document, image: 1, filters: [0] });
  const [only, ...rest] = picturesOf(svg);
  expect(only.data).toEqual(colors(255, 255, 128, 0));
  expect(rest).toEqual([]);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['Feature maps of relu1: image #9', '0', '8']));
});

it('draws one image element a map, each of its pixels a square of whole pixels', () => {
  const svg = featureMapGrid(makeMaps({ size: 14, channels: 32 }), { document });
  const pictures = picturesOf(svg);
  expect(pictures).toHaveLength(32);
  for (const { image } of pictures) {
    expect(numberOf(image, 'width') % 14).toBe(0);
    expect(numberOf(image, 'height')).toBe(numberOf(image, 'width'));
    expect(image.getAttribute('image-rendering')).toBe('pixelated');
  }
  // Of no figure are there more rectangles than tiles and the ground.
  expect(svg.querySelectorAll('rect')).toHaveLength(33);
});

it('puts eight maps in a row unless told otherwise', () => {
  const rows = (columns?: number) =>
    new Set(
      picturesOf(featureMapGrid(makeMaps(), { document, columns })).map(({ image }) => numberOf(image, 'y')),
    ).size;
  expect(rows()).toBe(4);
  expect(rows(16)).toBe(2);
});

it('finds its input in a set by the index of the image, in a batch by the batch’s indices', () => {
  const images = makeImages({ count: 10 });
  const size = 32 * 32 * 3;
  const drawn = picturesOf(featureMapGrid(maps, { document, input: images, image: 1 }));
  expect(drawn.some(({ data }) => data.join() === [...images.pixels.subarray(9 * size)].join())).toBe(true);
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
  const svg = featureMapGrid(maps, { document, input: batch, image: 1 });
  const expected = [...images.pixels.subarray(4 * size, 5 * size)].join();
  expect(picturesOf(svg).some(({ data }) => data.join() === expected)).toBe(true);
  expect(() => featureMapGrid({ ...maps, indices: [5, 12] }, { document, input: images, image: 1 })).toThrow(
    'Expected images to hold image 12, got the 10 of discs',
  );
});

it('shows NaN in grey, not in a colour of the map', () => {
  const values = Float32Array.of(0, NaN, 2, 4);
  const [only] = picturesOf(
    featureMapGrid({ ...maps, count: 1, indices: [5], channels: 1, values }, { document }),
  );
  expect(only.data).toEqual([...colors(0), 128, 128, 128, ...colors(128, 255)]);
});

it('says the largest value as it is, a dash where there is none', () => {
  const largest = (...values: number[]) =>
    textsOf(
      featureMapGrid(
        { ...maps, count: 1, indices: [5], channels: 1, values: Float32Array.from(values) },
        { document },
      ),
    ).at(-1);
  expect(largest(NaN, NaN, NaN, NaN)).toBe('–');
  expect(largest(0, NaN, 2, 4)).toBe('4');
  expect(largest(0, 1, 2, Infinity)).toBe('∞');
});

it('writes the number of each map whole beside its largest value, however narrow the map is', () => {
  const many = makeMaps({ size: 16, channels: 64 });
  const small = { ...many, values: many.values.map((value) => -1.234e-4 * (1 + value)) };
  const texts = textsOf(featureMapGrid(small, { document, columns: 16 }));
  expect(texts).toEqual(expect.arrayContaining(Array.from({ length: 64 }, (_, i) => String(i))));
  expect(texts.filter((text) => text!.includes('…'))).toEqual([]);
});

it('draws gradients at a layer in diverging colours, white at zero, and says of what', () => {
  const values = Float32Array.of(-1, 0, 0.5, 4);
  const gradients = { ...maps, count: 1, indices: [5], channels: 1, values, classIndices: [3] };
  const svg = featureMapGrid(gradients, { document, input: makeImages() });
  const map = picturesOf(svg)[0];
  const diverging = colorTable('diverging');
  const entries = [(-1 + 4) / 8, 0.5, (0.5 + 4) / 8, 1].map((share) =>
    Math.min(255, Math.floor(256 * share)),
  );
  expect(map.data).toEqual(entries.flatMap((entry) => [...diverging.slice(3 * entry, 3 * entry + 3)]));
  expect(textsOf(svg)).toContain('±4');
  expect(svg.querySelector('title')!.textContent).toBe('Gradients of cat at relu1: dog #5');
  const none = { ...gradients, values: new Float32Array(4) };
  const middle = [...diverging.slice(3 * 128, 3 * 129)];
  expect(picturesOf(featureMapGrid(none, { document }))[0].data).toEqual(
    [middle, middle, middle, middle].flat(),
  );
  const ofChannel = { ...gradients, classIndices: [-1], target: 'relu2, channel 3' };
  expect(featureMapGrid(ofChannel, { document }).querySelector('title')!.textContent).toBe(
    'Gradients of relu2, channel 3 at relu1: image #5',
  );
});

it('lists the filters there are when asked for another', () => {
  expect(() => featureMapGrid(maps, { document, filters: [2] })).toThrow(
    'Expected filter to be from 0 to 1, got 2',
  );
});

it('compares filters across images: a row an image, a column a filter', () => {
  const pictures = picturesOf(featureMapComparison(makeMaps({ count: 3 }), { document, filters: [4, 2] }));
  expect(new Set(pictures.map(({ image }) => numberOf(image, 'x'))).size).toBe(2);
  expect(new Set(pictures.map(({ image }) => numberOf(image, 'y'))).size).toBe(3);
});

it('follows images through layers by the mean over the channels', () => {
  const [first, second] = picturesOf(layerProgression([maps], { document }));
  // The means are half of the first channel: the same share of their range.
  expect(first.data).toEqual(colors(0, 64, 128, 255));
  expect(second.data).toEqual(colors(255, 255, 128, 0));
});

it('keeps the shape of maps that are no squares', () => {
  const [{ image }] = picturesOf(layerProgression([maps], { document }));
  expect(numberOf(image, 'width') / numberOf(image, 'height')).toBeCloseTo(4, 6);
});

it('draws the units of a dense layer as bars, with their numbers', () => {
  const units: FeatureMaps = {
    ...maps,
    count: 1,
    indices: [3],
    width: 1,
    channels: 4,
    values: Float32Array.of(0, 0.05, 1, 3),
  };
  const svg = unitActivationBars(units, { document });
  expect(textsOf(svg)).toContain('min 0, max 3, mean 1.01, std 1.21; 2 of 4 units over 0.1.');
  expect(svg.querySelector('path')!.getAttribute('d')!.match(/M/g)).toHaveLength(4);
  expect([...svg.querySelectorAll('rect > title')].map((title) => title.textContent)).toEqual([
    'unit 0: 0',
    'unit 1: 0.0500',
    'unit 2: 1',
    'unit 3: 3',
  ]);
  expect(() => unitActivationBars(makeMaps(), { document })).toThrow(
    'Expected maps of a dense layer, 1 x 1, got 32 x 32',
  );
  expect(unitActivationBars(makeUnits(), { document }).outerHTML).not.toContain('NaN');
});
