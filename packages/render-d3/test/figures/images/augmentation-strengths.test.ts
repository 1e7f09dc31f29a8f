import { expect, it } from 'vitest';
import { augmentationStrengths } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeImages } from '../../support/records.js';
import { numberOf, rastersOf, textsOf } from '../../support/svg-queries.js';

const original = { ...makeImages({ count: 1, size: 8 }), labels: undefined };
const rows = ['zoom', 'noise'].map((step, row) => ({
  step,
  images: {
    ...original,
    count: 5,
    pixels: Uint8Array.from({ length: 960 }, (_, i) => 100 * row + Math.floor(i / 192)),
  },
  strengths: ['a', 'b', 'c', 'd', 'e'].map((name) => `${step} ${name}`),
}));

it('shows the original in the first row, then one row per step with the strengths below its images', () => {
  const svg = augmentationStrengths({ original, rows }, { document });
  const rasters = rastersOf(svg);
  expect(rasters).toHaveLength(11);
  expect(rasters[0].data).toEqual([...original.pixels]);
  rasters.slice(1).forEach(({ data, image }, i) => {
    expect(data[0]).toBe(100 * Math.floor(i / 5) + (i % 5));
    expect(numberOf(image, 'x')).toBe(numberOf(rasters[1 + (i % 5)].image, 'x'));
    expect(numberOf(image, 'y')).toBe(numberOf(rasters[1 + 5 * Math.floor(i / 5)].image, 'y'));
  });
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['original', 'zoom', 'noise', 'zoom a', 'noise e']));
});

it('refuses strengths that do not match the images, and no rows', () => {
  const wrong = [{ ...rows[0], strengths: ['a'] }];
  expect(() => augmentationStrengths({ original, rows: wrong }, { document })).toThrow(
    'Expected rows[0].strengths to hold 5 texts, one per image, got 1',
  );
  expect(() => augmentationStrengths({ original, rows: [] }, { document })).toThrow('rows.length');
});
