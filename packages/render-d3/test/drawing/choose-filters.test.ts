import { InputError } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { chooseFilters } from '../../src/drawing/choose-filters.js';
import { featureMapGrid, kernelGrid, type FilterChoice } from '../../src/index.js';
import { document } from '../support/dom.js';
import { textsOf } from '../support/svg-queries.js';

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const choose = (selected: FilterChoice | undefined, available: number, strengths: number[] = []) =>
  chooseFilters(selected, { available, strengthOf: (filter) => strengths[filter] });

describe('the filters of a grid', () => {
  it.each([1, 8, 63, 64])('are all of %i without a choice', (available) => {
    expect(choose(undefined, available)).toEqual({ filters: range(available), text: String(available) });
  });

  it.each([65, 100, 512, 2048])(
    'are the first 64 of %i without a choice, which the text says',
    (available) => {
      expect(choose(undefined, available)).toEqual({
        filters: range(64),
        text: `The first 64 of ${available}`,
      });
    },
  );

  it('are all where all are asked for, and a list in its order', () => {
    expect(choose('all', 100)).toEqual({ filters: range(100), text: '100' });
    expect(choose([70, 3], 100)).toEqual({ filters: [70, 3], text: '2 of 100' });
  });

  it.each<[number, number[], number[]]>([
    [1, [1, 5, 2], [1]],
    [2, [1, 5, 2], [1, 2]],
    [3, [1, 5, 2], [1, 2, 0]],
    [9, [1, 5, 2], [1, 2, 0]],
    [2, [4, 4, 4], [0, 1]],
    [2, [NaN, 0, 1], [2, 1]],
    [3, [NaN, -1, NaN], [1, 0, 2]],
  ])('are the %i strongest of %j: %j', (top, strengths, filters) => {
    expect(choose({ top }, strengths.length, strengths)).toEqual({
      filters,
      text: `The ${filters.length} strongest of ${strengths.length}`,
    });
  });

  it.each([0, -1, 1.5, NaN, '3' as never])('cannot be the %s strongest', (top) => {
    expect(() => choose({ top }, 3, [1, 2, 3])).toThrow(InputError);
    expect(() => choose({ top }, 3, [1, 2, 3])).toThrow('filters.top');
  });
});

/** The numbers below the tiles of a grid. */
const filtersOf = (svg: SVGSVGElement) =>
  textsOf(svg)
    .filter((text) => /^\d+$/.test(text))
    .map(Number);

describe('a grid of 100 feature maps', () => {
  const values = Float32Array.from({ length: 2 * 2 * 2 * 100 }, (_, i) => {
    const [channel, image] = [i % 100, Math.floor(i / 400)];
    // Of image 0 the channels 40 and 7, of image 1 the channels 8 and 99.
    const strong = image === 0 ? [7, 40] : [99, 8];
    return (strong.indexOf(channel) + 1) * (i % 3 === 0 ? 5.5 : -5.5) + 0.125;
  });
  const maps = {
    ...{ kind: 'feature-maps' as const, layer: 'conv', count: 2, height: 2, width: 2, channels: 100 },
    ...{ values, indices: [4, 9] },
  };

  it('shows the first 64, and says so', () => {
    const svg = featureMapGrid(maps, { document, showMax: false });
    expect(filtersOf(svg)).toEqual(range(64));
    expect(textsOf(svg).join(' ')).toContain('The first 64 of 100 maps of 2 × 2');
  });

  it('shows all, or the strongest for the image by the mean of the magnitudes', () => {
    expect(filtersOf(featureMapGrid(maps, { document, filters: 'all', showMax: false }))).toEqual(range(100));
    const top = (image: number) =>
      filtersOf(featureMapGrid(maps, { document, image, filters: { top: 2 }, showMax: false }));
    expect([top(0), top(1)]).toEqual([
      [40, 7],
      [8, 99],
    ]);
  });
});

describe('a grid of 80 kernels', () => {
  const values = Float32Array.from({ length: 3 * 3 * 80 }, (_, i) => ((i % 80) - 50) * (i % 2 ? 1 : -1));
  const bank = { layer: 'conv', height: 3, width: 3, inChannels: 1, filters: 80, values };

  it('shows the first 64, all, or those with the largest weights', () => {
    expect(filtersOf(kernelGrid(bank, { document }))).toEqual(range(64));
    expect(textsOf(kernelGrid(bank, { document })).join(' ')).toContain('The first 64 of 80 filters');
    expect(filtersOf(kernelGrid(bank, { document, filters: 'all' }))).toEqual(range(80));
    expect(filtersOf(kernelGrid(bank, { document, filters: { top: 3 } }))).toEqual([0, 1, 2]);
  });
});
