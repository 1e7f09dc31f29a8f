import { expect, it } from 'vitest';
import {
  classSelectivityBars,
  kernelGrid,
  similarFilterBars,
  strongestFilterBars,
} from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeSelectivity, makeSimilar, makeStrongest } from '../../support/method-records.js';
import { makeKernels } from '../../support/records.js';
import { rastersOf, textsOf } from '../../support/svg-queries.js';

it('strongestFilterBars ranks by count, then by index, and counts the filters without images', () => {
  const record = { ...makeStrongest(), imageCount: 10, counts: Uint32Array.of(2, 0, 6, 2) };
  const svg = strongestFilterBars(record, { document });
  expect(textsOf(svg).filter((text) => /^filter/.test(text))).toEqual(['filter 2', 'filter 0', 'filter 3']);
  expect(textsOf(svg).join(' ')).toContain('1 of 4 filters are never the strongest');
});

it('similarFilterBars shows the kernels of each pair, their correlation and their overlap', () => {
  const bank = makeKernels();
  const svg = similarFilterBars(makeSimilar(), { document, bank, count: 3 });
  const rasters = rastersOf(svg);
  expect(rasters).toHaveLength(6);
  const alone = rastersOf(kernelGrid(bank, { document, filters: [0, 14] }));
  expect(rasters.slice(0, 2).map(({ data }) => data)).toEqual(alone.map(({ data }) => data));
  expect(textsOf(svg)).toContain('0.980, 80.0% overlap');
});

it('classSelectivityBars omits filters without an index and colors by the preferred class', () => {
  const svg = classSelectivityBars(makeSelectivity(), { document, count: 64 });
  const labels = textsOf(svg).filter((text) => /^#\d+ /.test(text));
  expect(labels).toHaveLength(63);
  expect(labels.some((label) => label.startsWith('#3 '))).toBe(false);
});
