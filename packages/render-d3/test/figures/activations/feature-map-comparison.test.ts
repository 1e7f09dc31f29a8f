import { expect, it } from 'vitest';
import { featureMapComparison } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeMaps } from '../../support/records.js';
import { numberOf, rastersOf } from '../../support/svg-queries.js';
import { TWO_IMAGES, viridisColors } from '../../support/two-images.js';

it('has one row per image and one column per filter', () => {
  const rasters = rastersOf(featureMapComparison(makeMaps({ count: 3 }), { document, filters: [4, 2] }));
  expect(new Set(rasters.map(({ image }) => numberOf(image, 'x'))).size).toBe(2);
  expect(new Set(rasters.map(({ image }) => numberOf(image, 'y'))).size).toBe(3);
});

it('normalizes all maps together with the scale shared', () => {
  const [first] = rastersOf(featureMapComparison(TWO_IMAGES, { document, scale: 'shared' }));
  expect(first.data).toEqual(viridisColors(0, 32, 64, 128));
});
