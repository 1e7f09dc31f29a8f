import { describe, expect, it } from 'vitest';
import { trainingCurves } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeHistory } from '../../support/records.js';
import { numberOf } from '../../support/svg-queries.js';

/** The strips with tooltips of the left panel, and the epochs that the tooltips name. */
function strips(epochs: number) {
  const svg = trainingCurves(makeHistory({ epochs }), { document });
  const all = [...svg.querySelectorAll('rect[pointer-events="all"]')];
  const half = all.slice(0, all.length / 2);
  const epochOf = (strip: Element) => Number(/(\d+):/.exec(strip.querySelector('title')!.textContent!)![1]);
  return { strips: half, epochs: half.map(epochOf) };
}

describe('the tooltips of a curve', () => {
  it.each([
    [1, 1, 1],
    [2, 2, 1],
    [199, 199, 1],
    [200, 200, 1],
    [201, 101, 2],
    [400, 200, 2],
    [401, 134, 3],
    [1000, 200, 5],
  ])('of %i epochs are %i, one for every %i', (epochs, count, step) => {
    const expected = Array.from({ length: count }, (_, i) => 1 + i * step);
    expect(strips(epochs).epochs).toEqual(expected);
  });

  it.each([3, 201])('of %i epochs cover the panel without a gap', (epochs) => {
    const { strips: rects } = strips(epochs);
    for (let i = 1; i < rects.length; i++)
      expect(numberOf(rects[i], 'x')).toBeCloseTo(
        numberOf(rects[i - 1], 'x') + numberOf(rects[i - 1], 'width'),
        6,
      );
  });
});
