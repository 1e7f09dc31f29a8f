import type { FeatureMaps } from '@convlens/core';
import { expect, it } from 'vitest';
import { unitActivationBars } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeMaps, makeUnits } from '../../support/records.js';
import { textsOf } from '../../support/svg-queries.js';

it('shows the units of a dense layer as bars, with their statistics and tooltips', () => {
  const units: FeatureMaps = {
    layer: 'relu1',
    count: 1,
    indices: [3],
    height: 1,
    width: 1,
    channels: 4,
    values: Float32Array.of(0, 0.05, 1, 3),
  };
  const svg = unitActivationBars(units, { document });
  expect(textsOf(svg)).toContain('min 0, max 3, mean 1.01, std 1.21; 2 of 4 units above 0.1.');
  expect(svg.querySelector('path')!.getAttribute('d')!.match(/M/g)).toHaveLength(4);
  expect([...svg.querySelectorAll('rect > title')].map((title) => title.textContent)).toEqual([
    'unit 0: 0',
    'unit 1: 0.0500',
    'unit 2: 1',
    'unit 3: 3',
  ]);
  expect(unitActivationBars(makeUnits(), { document }).outerHTML).not.toContain('NaN');
});

it('refuses the maps of a convolution', () => {
  expect(() => unitActivationBars(makeMaps(), { document })).toThrow(
    'Expected maps of a dense layer, 1 x 1, got 32 x 32',
  );
});
