import { expect, it } from 'vitest';
import { layerProgression } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { numberOf, rastersOf } from '../../support/svg-queries.js';
import { TWO_IMAGES, viridisColors } from '../../support/two-images.js';

it('shows the mean over the channels, one row per image', () => {
  const [first, second] = rastersOf(layerProgression([TWO_IMAGES], { document }));
  // The means are half of the first channel, so they are at the same fraction of their extent.
  expect(first.data).toEqual(viridisColors(0, 64, 128, 255));
  expect(second.data).toEqual(viridisColors(255, 255, 128, 0));
});

it('keeps the aspect ratio of maps that are not square', () => {
  const [{ image }] = rastersOf(layerProgression([TWO_IMAGES], { document }));
  expect(numberOf(image, 'width') / numberOf(image, 'height')).toBeCloseTo(4, 6);
});
