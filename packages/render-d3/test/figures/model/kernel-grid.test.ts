import type { FilterBank } from '@convlens/core';
import { expect, it } from 'vitest';
import { kernelGrid } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { rastersOf, textsOf } from '../../support/svg-queries.js';

/** 1 x 2 pixels, RGB, two filters: the first from 0 to 5, the second from -10 to 10. */
const bank: FilterBank = {
  layer: 'conv1',
  height: 1,
  width: 2,
  inChannels: 3,
  filters: 2,
  values: Float32Array.of(0, -10, 1, 0, 2, 10, 3, 0, 4, 0, 5, 5),
};

it('shows kernels with three input channels in RGB, each from 0 (smallest weight) to 255 (largest)', () => {
  const [first, second] = rastersOf(kernelGrid(bank, { document }));
  expect([first.width, first.height, first.channels]).toEqual([2, 1, 3]);
  expect(first.data).toEqual([0, 51, 102, 153, 204, 255]);
  expect(second.data).toEqual([0, 128, 255, 128, 128, 191]);
});

it('normalizes all kernels together with the scale shared', () => {
  const svg = kernelGrid(bank, { document, scale: 'shared' });
  expect(rastersOf(svg)[0].data).toEqual(
    [10, 11, 12, 13, 14, 15].map((weight) => Math.round((weight / 20) * 255)),
  );
  expect(textsOf(svg).join()).toContain('0 is −10, 1 is 10');
});

it('shows one input channel in gray with the option channel, and by default if there are not three', () => {
  const [first] = rastersOf(kernelGrid(bank, { document, channel: 2 }));
  expect(first.data).toEqual([0, 0, 0, 255, 255, 255]);
  const twoChannels = { ...bank, width: 3, inChannels: 2 };
  expect(rastersOf(kernelGrid(twoChannels, { document }))[0].data).toEqual([
    0, 0, 0, 128, 128, 128, 255, 255, 255,
  ]);
});

it('refuses values that do not fit the shape', () => {
  expect(() => kernelGrid({ ...bank, filters: 3 }, { document })).toThrow(
    'Expected bank.values to hold 18 values, got 12',
  );
});

it('never cuts the number of a filter, however narrow its kernel is', () => {
  const tall = { layer: 'conv1', height: 7, width: 1, inChannels: 1, filters: 128 };
  const values = Float32Array.from({ length: 7 * 128 }, (_, i) => Math.sin(i));
  const texts = textsOf(kernelGrid({ ...tall, values }, { document, columns: 16, filters: 'all' }));
  expect(texts).toEqual(expect.arrayContaining(Array.from({ length: 128 }, (_, i) => String(i))));
});
