import { expect, it } from 'vitest';
import { augmentationExamples } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeImages } from '../../support/records.js';
import { numberOf, rastersOf } from '../../support/svg-queries.js';

it('shows each augmented image below its original', () => {
  const images = makeImages({ count: 12 });
  const augmented = { ...images, pixels: images.pixels.map((level) => 255 - level) };
  const rasters = rastersOf(
    augmentationExamples({ originals: images, augmented }, { document, columns: 12 }),
  );
  expect(rasters).toHaveLength(24);
  for (let i = 0; i < 12; i++) {
    const [above, below] = [rasters[i], rasters[i + 12]];
    expect(numberOf(below.image, 'x')).toBe(numberOf(above.image, 'x'));
    expect(numberOf(below.image, 'y')).toBeGreaterThan(numberOf(above.image, 'y'));
    expect(below.data).toEqual(above.data.map((level) => 255 - level));
  }
});
