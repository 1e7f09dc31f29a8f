import { expect, it } from 'vitest';
import { probabilityBars } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makePrediction } from '../../support/records.js';
import { barsOf, textsOf } from '../../support/svg-queries.js';

/** The axis: the x of 0% and of 100%, in pixels. */
const axisOf = (svg: Element) =>
  ['0%', '100%'].map((tick) => {
    const text = [...svg.querySelectorAll('text[font-size="10"]')].find(
      ({ textContent }) => textContent === tick,
    )!;
    return Number(text.getAttribute('x'));
  });

it.each([{}, { width: 360 }])('has the axis in the same place for every image: %j', (options) => {
  const classNames = Array.from({ length: 100 }, (_, c) => (c === 42 ? 'a long name' : `c${c}`));
  const images = [
    { predicted: 5, label: 3 },
    { predicted: 5, label: 5 },
    { predicted: 5, label: undefined },
    { predicted: 42, label: 41 },
    { predicted: 2, label: 99 },
  ];
  for (const classes of [2, 10, 100]) {
    const axes = images.map(({ predicted, label }, index) => {
      const made = makePrediction({
        index,
        predicted: predicted % classes,
        label: (label ?? 0) % classes,
        classes,
      });
      const prediction = label === undefined ? { ...made, label } : made;
      return axisOf(probabilityBars(prediction, { document, classNames, count: 8, ...options }));
    });
    for (const axis of axes) expect(axis).toEqual(axes[0]);
  }
});

const RED = '#cc2936';
const GREEN = '#14803c';

it('shows the predicted class in green and the true class in red, and both in words', () => {
  const renderLabel = (label?: number) => {
    const svg = probabilityBars({ ...makePrediction({ predicted: 5 }), label }, { document });
    return { fills: barsOf(svg).map((bar) => bar.getAttribute('fill')), texts: textsOf(svg).join() };
  };
  const wrong = renderLabel(3);
  expect([wrong.fills[5], wrong.fills[3]]).toEqual([GREEN, RED]);
  expect(wrong.texts).toMatch(/% predicted,/);
  expect(wrong.texts).toMatch(/% true,/);
  const correct = renderLabel(5);
  expect([correct.fills[5], correct.fills.includes(RED)]).toEqual([GREEN, false]);
  expect(correct.texts).toMatch(/% predicted and true,/);
  const unlabeled = renderLabel();
  expect([unlabeled.fills[5], unlabeled.fills.includes(RED)]).toEqual([GREEN, false]);
  expect(unlabeled.texts).not.toContain('true');
});

it('shows the most probable of many classes, and the true class', () => {
  const svg = probabilityBars(makePrediction({ classes: 100, label: 77 }), { document, count: 4 });
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['class 5', 'class 77']));
  expect(barsOf(svg)).toHaveLength(4);
});
