import { expect, it } from 'vitest';
import { topActivationStrips } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeImages, makeTop } from '../../support/records.js';
import { numberOf, rastersOf, textsOf } from '../../support/svg-queries.js';

const SIZE = 32 * 32 * 3;

it('has a strip of the strongest images for each record, five by default', () => {
  const images = makeImages({ count: 32 });
  const topActivations = [makeTop({ reduction: 'mean' }), makeTop({ reduction: 'max' })];
  const svg = topActivationStrips({ topActivations, images }, { document, filters: 10 });
  const rasters = rastersOf(svg);
  expect(rasters).toHaveLength(10);
  const expected = topActivations.flatMap((record) =>
    record.filters[1].entries
      .slice(0, 5)
      .map(({ index }) => [...images.pixels.subarray(index * SIZE, (index + 1) * SIZE)].join()),
  );
  expect(rasters.map(({ data }) => data.join())).toEqual(expected);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['by mean', 'by max', '6.50', '6.24']));
});

it('outlines the part of the receptive field that is inside the image', () => {
  const receptiveField = { top: -4, left: 20, height: 14, width: 20 };
  const entry = { index: 1, score: 1, row: 0, column: 0, receptiveField };
  const record = { ...makeTop(), filters: [{ filter: 0, entries: [entry] }] };
  const images = makeImages({ count: 12 });
  const svg = topActivationStrips(
    { topActivations: [record], images },
    { document, showReceptiveField: true },
  );
  const image = svg.querySelector('image')!;
  const outline = svg.querySelector('rect[stroke="#ffe14d"]')!;
  const scale = numberOf(image, 'width') / 32;
  expect(numberOf(outline, 'x') - numberOf(image, 'x')).toBeCloseTo(20 * scale + 0.75, 3);
  expect(numberOf(outline, 'y') - numberOf(image, 'y')).toBeCloseTo(0.75, 3);
  expect(numberOf(outline, 'width')).toBeCloseTo(12 * scale - 1.5, 3);
  expect(numberOf(outline, 'height')).toBeCloseTo(10 * scale - 1.5, 3);
});
