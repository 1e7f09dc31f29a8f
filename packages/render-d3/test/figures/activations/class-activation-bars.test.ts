import { expect, it } from 'vitest';
import { classActivationBars } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeClassActivations } from '../../support/records.js';
import { barsOf, descriptionOf, numberOf, textsOf } from '../../support/svg-queries.js';

const RED = '#cc2936';
const areRed = (bars: Element[]) => bars.map((bar) => bar.getAttribute('fill') === RED);

it('shows the mean activation of each class as the length of a bar, the highest in red', () => {
  const means = Float64Array.of(1, 4, 2, NaN);
  const record = {
    ...makeClassActivations(),
    classNames: ['a', 'b', 'c', 'd'],
    counts: [5, 5, 5, 0],
    filters: [7],
    means,
  };
  const svg = classActivationBars(record, { document });
  const bars = barsOf(svg);
  const widths = bars.map((bar) => numberOf(bar, 'width'));
  expect(widths[0] / widths[1]).toBeCloseTo(1 / 4, 3);
  expect(widths[2] / widths[1]).toBeCloseTo(2 / 4, 3);
  expect(widths[3]).toBe(0);
  expect(areRed(bars)).toEqual([false, true, false, false]);
  expect(textsOf(svg)).toContain('no images');
});

it('shows negative means to the left of zero, and the first of equal means as the highest', () => {
  const means = Float64Array.of(-2, 1, 1);
  const record = {
    ...makeClassActivations(),
    classNames: ['a', 'b', 'c'],
    counts: [5, 5, 5],
    filters: [7],
    means,
  };
  const bars = barsOf(classActivationBars(record, { document }));
  expect(numberOf(bars[0], 'x') + numberOf(bars[0], 'width')).toBeCloseTo(numberOf(bars[1], 'x'), 3);
  expect(areRed(bars)).toEqual([false, true, false]);
});

it('has one panel per filter, and lists the available filters in the error about another one', () => {
  expect(barsOf(classActivationBars(makeClassActivations(), { document }))).toHaveLength(30);
  expect(barsOf(classActivationBars(makeClassActivations(), { document, filters: 10 }))).toHaveLength(10);
  expect(() => classActivationBars(makeClassActivations(), { document, filters: 3 })).toThrow(
    'Expected filters to be one of 0, 10, 25, got 3',
  );
});

it('describes the highest class of the classes with images', () => {
  const record = { ...makeClassActivations(), classNames: ['a', 'b'], counts: [0, 5], filters: [7] };
  const describeMeans = (means: number[]) =>
    descriptionOf(classActivationBars({ ...record, means: Float64Array.from(means) }, { document }));
  expect(describeMeans([NaN, NaN])).toContain('Filter 7: no class has images.');
  expect(describeMeans([NaN, -1])).toContain('Filter 7 activates most on b: mean −1.');
});
