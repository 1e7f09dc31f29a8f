import type { Heatmap } from '@convlens/core';
import { expect, it } from 'vitest';
import { heatmapOverlay } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeHeatmap, makeImages } from '../../support/records.js';
import { rastersOf, textsOf, titleOf } from '../../support/svg-queries.js';

const images = makeImages({ count: 12 });
const SIZE = 32 * 32 * 3;

it('shows the heatmap over its image at the opacity, with the ends of its scale', () => {
  const heatmap = { ...makeHeatmap({ size: 2 }), values: Float32Array.of(0, 1, 2, 4) };
  const svg = heatmapOverlay({ heatmap, images }, { document, colorMap: 'gray', opacity: 0.25 });
  const [image, map, below, overlay, bar] = rastersOf(svg);
  expect(image.data).toEqual([...images.pixels.subarray(3 * SIZE, 4 * SIZE)]);
  expect(below.data).toEqual(image.data);
  expect([0, 3, 6, 9].map((i) => map.data[i])).toEqual([0, 64, 128, 255]);
  expect(overlay.data).toEqual(map.data);
  expect(overlay.image.getAttribute('opacity')).toBe('0.25');
  expect([bar.height, bar.data[0], bar.data.at(-1)]).toEqual([256, 255, 0]);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['0', '2', '4']));
});

it('has white at zero for a signed heatmap', () => {
  const heatmap = { ...makeHeatmap({ size: 2, signed: true }), values: Float32Array.of(-1, 0, 1, 4) };
  const svg = heatmapOverlay({ heatmap, images }, { document });
  const [, map] = rastersOf(svg);
  expect(Math.min(...map.data.slice(3, 6))).toBeGreaterThan(235);
  // A quarter of the largest magnitude below zero: pale blue.
  expect(map.data[2]).toBeGreaterThan(map.data[0]);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['−4', '0', '4']));
});

it('shows a signed heatmap of zeros in the color of zero, not in that of the lowest value', () => {
  const heatmap = { ...makeHeatmap({ size: 2, signed: true }), values: new Float32Array(4) };
  const [, map] = rastersOf(heatmapOverlay({ heatmap, images }, { document }));
  expect(Math.min(...map.data)).toBeGreaterThan(235);
});

it('has the title of the method and the target or, without a target, the layer', () => {
  const heatmap = { ...makeHeatmap(), layer: 'relu1', index: 3 };
  const renderTitle = (fields: Partial<Heatmap>) =>
    titleOf(heatmapOverlay({ heatmap: { ...heatmap, ...fields }, images }, { document }));
  expect(renderTitle({ method: 'channel-maximum', methodTitle: 'Channel maximum', classIndex: -1 })).toBe(
    'Channel maximum at relu1: image #3',
  );
  expect(renderTitle({ method: 'grad-cam', methodTitle: 'Grad-CAM', classIndex: 0 })).toBe(
    `Grad-CAM for ${images.classNames[0]}: image #3`,
  );
  expect(renderTitle({ method: 'my-method' })).toBe('my-method for cat: image #3');
});
