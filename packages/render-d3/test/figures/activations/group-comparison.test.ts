import { expect, it } from 'vitest';
import { groupComparison, THEMES } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeGroups } from '../../support/method-records.js';
import { descriptionOf, numberOf, symbolsOf, translationOf } from '../../support/svg-queries.js';

const { axis, validation } = THEMES.light;

it('shows a negative effect to the left of zero', () => {
  const svg = groupComparison(makeGroups(['a', 'b', 'c', 'd', 'e']), { document });
  // 0.7 sin(i) - 0.1: above zero for b and c, below for the others.
  const zero = numberOf(svg.querySelector(`line[stroke="${axis}"]`)!, 'x1');
  const isAbove = symbolsOf(svg, validation).map((mark) => translationOf(mark) > zero);
  expect(isAbove).toEqual([false, true, true, false, false]);
});

it('never describes NaN as the largest effect', () => {
  const sizes = [NaN, 0.2, 0.7];
  const records = makeGroups(['a', 'b', 'c']).map((record, i) => ({ ...record, rmsEffectSize: sizes[i] }));
  expect(descriptionOf(groupComparison(records, { document }))).toContain(
    'The largest RMS effect size is in c: 0.700.',
  );
});
