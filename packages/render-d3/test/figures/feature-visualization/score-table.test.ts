import { expect, it } from 'vitest';
import { scoreTable } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { descriptionOf, rastersOf, textsOf } from '../../support/svg-queries.js';

const scoresOf = (...values: number[]) =>
  ({
    score: 'logit',
    names: ['a', 'b'],
    classNames: ['cat', 'dog'],
    values: Float32Array.from(values),
  }) as const;

it('tints by magnitude and describes the highest class of each image', () => {
  const svg = scoreTable(scoresOf(4, -2, 0, 1), { document });
  const [{ data }] = rastersOf(svg);
  expect([3, 7, 11, 15].map((i) => data[i])).toEqual([255, 128, 0, 64]);
  expect(data.slice(0, 3)).not.toEqual(data.slice(4, 7));
  expect(descriptionOf(svg)).toContain('a: highest for cat. b: highest for dog.');
});

it('shows NaN as a dash without tint, and never describes it as the highest score', () => {
  const svg = scoreTable(scoresOf(NaN, 12, NaN, NaN), { document });
  expect(descriptionOf(svg)).toContain('a: highest for dog. b: highest for none.');
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['–', '12.0']));
  expect([3, 7, 11, 15].map((i) => rastersOf(svg)[0].data[i])).toEqual([0, 255, 0, 0]);
});
