import type { FilterBank } from '@convlens/core';
import { expect, it } from 'vitest';
import { kernelGrid } from '../src/index.js';
import { document } from './dom.js';
import { picturesOf, textsOf } from './decode.js';

/** 1 x 2 pixels, RGB, two filters: the first from 0 to 5, the second from -10 to 10. */
const bank: FilterBank = {
  layer: 'conv1',
  height: 1,
  width: 2,
  inChannels: 3,
  filters: 2,
  values: Float32Array.of(0, -10, 1, 0, 2, 10, 3, 0, 4, 0, 5, 5),
};

it('draws kernels over three channels in RGB, each from 0 at its smallest weight to 255 at its largest', () => {
  const [first, second] = picturesOf(kernelGrid(bank, { document }));
  expect([first.width, first.height, first.channels]).toEqual([2, 1, 3]);
  expect(first.data).toEqual([0, 51, 102, 153, 204, 255]);
  expect(second.data).toEqual([0, 128, 255, 128, 128, 191]);
});

it('takes the smallest and largest weight of the bank where that is asked for', () => {
  const svg = kernelGrid(bank, { document, scale: 'bank' });
  expect(picturesOf(svg)[0].data).toEqual(
    [10, 11, 12, 13, 14, 15].map((weight) => Math.round((weight / 20) * 255)),
  );
  expect(textsOf(svg).join()).toContain('0 is −10, 1 is 10');
});

it('draws one input channel in grey where it is asked for, or where there are not three', () => {
  const [first] = picturesOf(kernelGrid(bank, { document, channel: 2 }));
  expect(first.data).toEqual([0, 0, 0, 255, 255, 255]);
  const two = { ...bank, width: 3, inChannels: 2 };
  expect(picturesOf(kernelGrid(two, { document }))[0].data).toEqual([0, 0, 0, 128, 128, 128, 255, 255, 255]);
});

it('refuses a bank whose values do not fit its shape', () => {
  expect(() => kernelGrid({ ...bank, filters: 3 }, { document })).toThrow(
    'Expected bank.values to hold 18 values, got 12',
  );
});

it('writes the number of each filter whole, however narrow its kernel is', () => {
  const bank = { layer: 'conv1', height: 7, width: 1, inChannels: 1, filters: 128 };
  const values = Float32Array.from({ length: 7 * 128 }, (_, i) => Math.sin(i));
  const texts = textsOf(kernelGrid({ ...bank, values }, { document, columns: 16 }));
  expect(texts).toEqual(expect.arrayContaining(Array.from({ length: 128 }, (_, i) => String(i))));
});
