import { expect, it } from 'vitest';
import { heatmapComparison } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeHeatmap, makeImages } from '../../support/records.js';
import { numberOf, rastersOf } from '../../support/svg-queries.js';

const images = makeImages({ count: 12 });

it('has one row per image, with the image before its heatmaps', () => {
  const heatmaps = [3, 3, 5].map((index) => ({ ...makeHeatmap(), index }));
  const rasters = rastersOf(heatmapComparison({ heatmaps, images }, { document }));
  // The input of each row, then an image and a heatmap over it for each heatmap.
  expect(rasters).toHaveLength(2 + 2 * 3);
  expect(new Set(rasters.map(({ image }) => numberOf(image, 'y'))).size).toBe(2);
});

it('shows the image above its heatmaps if the figure has one column', () => {
  const heatmaps = [3, 3].map((index) => ({ ...makeHeatmap(), index }));
  const rasters = rastersOf(heatmapComparison({ heatmaps, images }, { document, width: 240 }));
  expect(new Set(rasters.map(({ image }) => numberOf(image, 'x'))).size).toBe(1);
  expect(new Set(rasters.map(({ image }) => numberOf(image, 'y'))).size).toBe(3);
});
