import { expect, it } from 'vitest';
import { confusionMatrix } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { descriptionOf, rastersOf, textsOf } from '../../support/svg-queries.js';

it('tints each cell by the square root of its fraction of the row', () => {
  const record = { classNames: ['a', 'b'], counts: Uint32Array.of(3, 1, 0, 16) };
  const svg = confusionMatrix(record, { document });
  const [{ data, channels }] = rastersOf(svg);
  expect(channels).toBe(4);
  const alphas = [3, 7, 11, 15].map((i) => data[i]);
  expect(alphas).toEqual([Math.sqrt(0.75), 0.5, 0, 1].map((tint) => Math.round(tint * 255)));
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['75.0%', '100.0%', '94.1%', '16']));
  expect(descriptionOf(svg)).toMatch(
    /^20 images, accuracy 95.0%\. .* The most frequent mistake is a predicted as b, 1 time\.$/,
  );
});

it('refuses counts that are not classes x classes', () => {
  expect(() => confusionMatrix({ classNames: ['a', 'b'], counts: new Uint32Array(3) }, { document })).toThrow(
    'Expected counts to hold 4 values, 2 x 2, got 3',
  );
});
