import { expect, it } from 'vitest';
import {
  classActivationBars,
  classColor,
  confusionMatrix,
  probabilityBars,
  topActivationBars,
} from '../src/index.js';
import { document } from './dom.js';
import { numberOf, picturesOf, textsOf } from './decode.js';
import { CLASS_NAMES, makeClassActivations, makePrediction, makeTop } from './records.js';

const RED = '#cc2936';
const GREEN = '#14803c';
const barsOf = (svg: Element) => [...svg.querySelectorAll('g > rect[height="16"]')];

it('draws the mean activation of each class, as long as it is large and the highest in red', () => {
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
  expect(bars.map((bar) => bar.getAttribute('fill') === RED)).toEqual([false, true, false, false]);
  expect(textsOf(svg)).toContain('no images');
});

it('takes negative means to the left of zero, and of equal ones the first for the highest', () => {
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
  expect(bars.map((bar) => bar.getAttribute('fill') === RED)).toEqual([false, true, false]);
});

it('draws a panel a filter, and lists the filters there are when asked for another', () => {
  expect(barsOf(classActivationBars(makeClassActivations(), { document }))).toHaveLength(30);
  expect(barsOf(classActivationBars(makeClassActivations(), { document, filter: 10 }))).toHaveLength(10);
  expect(() => classActivationBars(makeClassActivations(), { document, filter: 3 })).toThrow(
    'Expected filter to be one of 0, 10, 25, got 3',
  );
});

it('colours the top images by class and counts each class in the legend', () => {
  const top = makeTop();
  const svg = topActivationBars(top, { document, filter: 10, classNames: CLASS_NAMES });
  const labels = top.filters[1].entries.map(({ label }) => label!);
  expect(barsOf(svg).map((bar) => bar.getAttribute('fill'))).toEqual(labels.map(classColor));
  const ships = labels.filter((label) => label === 8).length;
  expect(textsOf(svg)).toContain(`ship (${ships})`);
});

it('draws the predicted class green and the true one red where it is another, and says so in words', () => {
  const barsWith = (label?: number) => {
    const svg = probabilityBars({ ...makePrediction({ predicted: 5 }), label }, { document });
    return { fills: barsOf(svg).map((bar) => bar.getAttribute('fill')), texts: textsOf(svg).join() };
  };
  const wrong = barsWith(3);
  expect([wrong.fills[5], wrong.fills[3]]).toEqual([GREEN, RED]);
  expect(wrong.texts).toMatch(/% predicted,/);
  expect(wrong.texts).toMatch(/% true,/);
  const right = barsWith(5);
  expect([right.fills[5], right.fills.includes(RED)]).toEqual([GREEN, false]);
  expect(right.texts).toMatch(/% predicted and true,/);
  const unknown = barsWith();
  expect([unknown.fills[5], unknown.fills.includes(RED)]).toEqual([GREEN, false]);
  expect(unknown.texts).not.toContain('true');
});

it('draws the most probable of many classes, and the true one', () => {
  const svg = probabilityBars(makePrediction({ classes: 100, label: 77 }), { document, count: 4 });
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['class 5', 'class 77']));
  expect(barsOf(svg)).toHaveLength(4);
});

it('tints the cells of a confusion matrix by the square root of their share of the row', () => {
  const record = { classNames: ['a', 'b'], counts: Uint32Array.of(3, 1, 0, 16) };
  const svg = confusionMatrix(record, { document });
  const [{ data, channels }] = picturesOf(svg);
  expect(channels).toBe(4);
  const alphas = [3, 7, 11, 15].map((i) => data[i]);
  expect(alphas).toEqual([Math.sqrt(0.75), 0.5, 0, 1].map((tint) => Math.round(tint * 255)));
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['75.0%', '100.0%', '94.1%', '16']));
  expect(svg.querySelector('desc')!.textContent).toMatch(
    /^20 images, 95.0% right\. .* The commonest mistake is a taken for b, 1 time\.$/,
  );
});

it('refuses counts that are not classes x classes', () => {
  expect(() => confusionMatrix({ classNames: ['a', 'b'], counts: new Uint32Array(3) }, { document })).toThrow(
    'Expected counts to hold 4 values, 2 x 2, got 3',
  );
});

it('says that there is no highest class where none has images, and which it is where others have none', () => {
  const record = { ...makeClassActivations(), classNames: ['a', 'b'], counts: [0, 5], filters: [7] };
  const said = (means: number[]) =>
    classActivationBars({ ...record, means: Float64Array.from(means) }, { document }).querySelector('desc')!
      .textContent;
  expect(said([NaN, NaN])).toContain('Filter 7: no class has images.');
  expect(said([NaN, -1])).toContain('Filter 7 answers most to b: −1 on average.');
});
