import type { Heatmap } from '@convlens/core';
import { expect, it } from 'vitest';
import {
  augmentationExamples,
  augmentationStrengths,
  heatmapComparison,
  heatmapOverlay,
  imageGrid,
  topActivationStrips,
} from '../src/index.js';
import { document } from './dom.js';
import { numberOf, picturesOf, textsOf } from './decode.js';
import { makeHeatmap, makeImages, makePrediction, makeTop } from './records.js';

const images = makeImages({ count: 12 });
const SIZE = 32 * 32 * 3;
const pixelsAt = (i: number) => [...images.pixels.subarray(i * SIZE, (i + 1) * SIZE)];

it('shows the pixels of the images asked for, with class and index', () => {
  const svg = imageGrid(images, { document, indices: [7, 2] });
  const pictures = picturesOf(svg);
  expect(pictures.map(({ data }) => data.join())).toEqual([pixelsAt(7).join(), pixelsAt(2).join()]);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['horse', '#7', 'bird', '#2']));
});

it('rounds and clips the fractions of a Float32Array', () => {
  const pixels = Float32Array.of(-3, 0.4, 12.6, 300);
  const grey = { ...images, pixels, labels: undefined, count: 1, height: 2, width: 2, channels: 1 };
  const [only] = picturesOf(imageGrid(grey, { document }));
  expect([only.channels, only.data]).toEqual([1, [0, 0, 13, 255]]);
});

it.each([1, 2, 3, 4])('draws images of %i channels', (channels) => {
  const few = makeImages({ count: 1, size: 8, channels });
  expect(picturesOf(imageGrid(few, { document }))[0].data).toEqual([...few.pixels]);
});

it('writes what is predicted in green with a tick if it is right, in red with a cross if not', () => {
  const predictions = [
    makePrediction({ index: 3, label: 3, predicted: 3 }),
    makePrediction({ index: 4, label: 4, predicted: 3 }),
  ];
  const svg = imageGrid(images, { document, indices: [3, 4], predictions });
  const fillOf = (text: string) =>
    [...svg.querySelectorAll('text')].find((t) => t.textContent === text)?.getAttribute('fill');
  expect(fillOf('✓ cat')).toBe('#14803c');
  expect(fillOf('✗ cat')).toBe('#cc2936');
});

it('counts the predictions of the images that are drawn, and no others', () => {
  const predictions = [3, 4, 5].map((index) => makePrediction({ index, label: index, predicted: 3 }));
  const said = (indices: number[]) =>
    imageGrid(images, { document, indices, predictions }).querySelector('desc')!.textContent;
  expect(said([3])).toContain('Of 1 prediction 1 right.');
  expect(said([3, 5])).toContain('Of 2 predictions 1 right.');
  expect(said([0])).not.toContain('prediction ');
});

it('says which image is missing', () => {
  expect(() => imageGrid(images, { document, indices: [12] })).toThrow(
    'Expected images to hold image 12, got the 12 of discs',
  );
});

it('puts each augmented image under its original', () => {
  const augmented = { ...images, pixels: images.pixels.map((level) => 255 - level) };
  const pictures = picturesOf(
    augmentationExamples({ originals: images, augmented }, { document, columns: 12 }),
  );
  expect(pictures).toHaveLength(24);
  for (let i = 0; i < 12; i++) {
    const [over, under] = [pictures[i], pictures[i + 12]];
    expect(numberOf(under.image, 'x')).toBe(numberOf(over.image, 'x'));
    expect(numberOf(under.image, 'y')).toBeGreaterThan(numberOf(over.image, 'y'));
    expect(under.data).toEqual(over.data.map((level) => 255 - level));
  }
});

it('puts what each step makes of an image in a row of its own, each over its strength, the image on top', () => {
  const one = { ...makeImages({ count: 1, size: 8 }), labels: undefined };
  const rows = ['zoom', 'noise'].map((step, row) => ({
    step,
    images: {
      ...one,
      count: 5,
      pixels: Uint8Array.from({ length: 960 }, (_, i) => 100 * row + Math.floor(i / 192)),
    },
    strengths: ['a', 'b', 'c', 'd', 'e'].map((name) => `${step} ${name}`),
  }));
  const svg = augmentationStrengths({ original: one, rows }, { document });
  const pictures = picturesOf(svg);
  expect(pictures).toHaveLength(11);
  expect(pictures[0].data).toEqual([...one.pixels]);
  pictures.slice(1).forEach(({ data, image }, i) => {
    expect(data[0]).toBe(100 * Math.floor(i / 5) + (i % 5));
    expect(numberOf(image, 'x')).toBe(numberOf(pictures[1 + (i % 5)].image, 'x'));
    expect(numberOf(image, 'y')).toBe(numberOf(pictures[1 + 5 * Math.floor(i / 5)].image, 'y'));
  });
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['original', 'zoom', 'noise', 'zoom a', 'noise e']));
  const wrong = [{ ...rows[0], strengths: ['a'] }];
  expect(() => augmentationStrengths({ original: one, rows: wrong }, { document })).toThrow(
    'Expected rows[0].strengths to hold 5 texts, one an image, got 1',
  );
  expect(() => augmentationStrengths({ original: one, rows: [] }, { document })).toThrow('rows.length');
});

it('draws a strip of the strongest images for each record, five unless told otherwise', () => {
  const all = makeImages({ count: 32 });
  const tops = [makeTop({ reduction: 'mean' }), makeTop({ reduction: 'max' })];
  const svg = topActivationStrips({ tops, images: all }, { document, filter: 10 });
  const pictures = picturesOf(svg);
  expect(pictures).toHaveLength(10);
  const expected = tops.flatMap((top) =>
    top.filters[1].entries
      .slice(0, 5)
      .map(({ index }) => [...all.pixels.subarray(index * SIZE, (index + 1) * SIZE)].join()),
  );
  expect(pictures.map(({ data }) => data.join())).toEqual(expected);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['by mean', 'by max', '6.50', '6.24']));
});

it('outlines the receptive field, as far as it lies in the image', () => {
  const field = { top: -4, left: 20, height: 14, width: 20 };
  const entry = { index: 1, score: 1, row: 0, column: 0, field };
  const top = { ...makeTop(), filters: [{ filter: 0, entries: [entry] }] };
  const svg = topActivationStrips({ tops: [top], images }, { document, showField: true });
  const image = svg.querySelector('image')!;
  const outline = svg.querySelector('rect[stroke="#ffe14d"]')!;
  const scale = numberOf(image, 'width') / 32;
  expect(numberOf(outline, 'x') - numberOf(image, 'x')).toBeCloseTo(20 * scale + 0.75, 3);
  expect(numberOf(outline, 'y') - numberOf(image, 'y')).toBeCloseTo(0.75, 3);
  expect(numberOf(outline, 'width')).toBeCloseTo(12 * scale - 1.5, 3);
  expect(numberOf(outline, 'height')).toBeCloseTo(10 * scale - 1.5, 3);
});

it('lays a heatmap over its image at the opacity asked for, with the ends of its scale', () => {
  const heatmap = { ...makeHeatmap({ size: 2 }), values: Float32Array.of(0, 1, 2, 4) };
  const svg = heatmapOverlay({ heatmap, images }, { document, colorMap: 'grey', opacity: 0.25 });
  const [image, map, under, over, bar] = picturesOf(svg);
  expect(image.data).toEqual(pixelsAt(3));
  expect(under.data).toEqual(image.data);
  expect([0, 3, 6, 9].map((i) => map.data[i])).toEqual([0, 64, 128, 255]);
  expect(over.data).toEqual(map.data);
  expect(over.image.getAttribute('opacity')).toBe('0.25');
  expect([bar.height, bar.data[0], bar.data.at(-1)]).toEqual([256, 255, 0]);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['0', '2', '4']));
});

it('puts the middle of the diverging colours at zero for a signed heatmap', () => {
  const heatmap = { ...makeHeatmap({ size: 2, signed: true }), values: Float32Array.of(-1, 0, 1, 4) };
  const [, map] = picturesOf(heatmapOverlay({ heatmap, images }, { document }));
  expect(Math.min(...map.data.slice(3, 6))).toBeGreaterThan(235);
  // As far below zero as a quarter of the reach: blue, but pale.
  expect(map.data[2]).toBeGreaterThan(map.data[0]);
  expect(textsOf(heatmapOverlay({ heatmap, images }, { document }))).toEqual(
    expect.arrayContaining(['−4', '0', '4']),
  );
});

it('draws a signed heatmap of zeros in the colour of zero, not in that of the strongest against', () => {
  const heatmap = { ...makeHeatmap({ size: 2, signed: true }), values: new Float32Array(4) };
  const [, map] = picturesOf(heatmapOverlay({ heatmap, images }, { document }));
  expect(Math.min(...map.data)).toBeGreaterThan(235);
});

it('says where a heatmap was found that explains no class', () => {
  const titleOf = (heatmap: Heatmap) =>
    heatmapOverlay({ heatmap, images }, { document }).querySelector('title')!.textContent;
  const heatmap = { ...makeHeatmap(), layer: 'relu1', index: 3 };
  const channelMaximum = { ...heatmap, method: 'channel-maximum', classIndex: -1 };
  expect(titleOf(channelMaximum)).toBe('Channel maximum at relu1: image #3');
  expect(titleOf({ ...heatmap, method: 'grad-cam', classIndex: 0 })).toBe(
    `Grad-CAM for ${images.classNames[0]}: image #3`,
  );
});

it('compares heatmaps in a row an image, the image before its heatmaps', () => {
  const heatmaps = [3, 3, 5].map((index) => ({ ...makeHeatmap(), index }));
  const pictures = picturesOf(heatmapComparison({ heatmaps, images }, { document }));
  // An image, then an image and a heatmap over it for each.
  expect(pictures).toHaveLength(2 + 2 * 3);
  expect(new Set(pictures.map(({ image }) => numberOf(image, 'y'))).size).toBe(2);
});

it('sets an image above its heatmaps where only one fits beside the other', () => {
  const heatmaps = [3, 3].map((index) => ({ ...makeHeatmap(), index }));
  const svg = heatmapComparison({ heatmaps, images }, { document, width: 240 });
  const pictures = picturesOf(svg);
  expect(new Set(pictures.map(({ image }) => numberOf(image, 'x'))).size).toBe(1);
  expect(new Set(pictures.map(({ image }) => numberOf(image, 'y'))).size).toBe(3);
});
