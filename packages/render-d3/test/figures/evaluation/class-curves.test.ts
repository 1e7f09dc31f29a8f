import type { ClassCurves } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { classColor, precisionRecallCurves, rocCurves, THEMES } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { CLASS_NAMES, makeClassCurves, withoutImages } from '../../support/records.js';
import { descriptionOf, numberOf, textsOf, tooltipsOf } from '../../support/svg-queries.js';

const { test: SINGLE, border: GRAY } = THEMES.light;
/** The plot area in pixels, for a figure of the largest width: see charts/line-panel.ts. */
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 384, 44, 262];

type Point = readonly [x: number, y: number];

/** The points of the lines of a color, as fractions of the axes. */
const linesOf = (svg: Element, color: string): Point[][] =>
  [...svg.querySelectorAll(`path[fill="none"][stroke="${color}"]`)].map((path) =>
    [...path.getAttribute('d')!.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [
      (Number(x) - LEFT) / (RIGHT - LEFT),
      (BOTTOM - Number(y)) / (BOTTOM - TOP),
    ]),
  );

const areaUnder = (points: readonly Point[]) =>
  points.slice(1).reduce((sum, [x, y], i) => sum + ((x - points[i][0]) * (y + points[i][1])) / 2, 0);

/** The point of the ring in a panel, as fractions of the axes. */
function ringOf(svg: Element): Point {
  const ring = [...svg.querySelectorAll('circle')].find((circle) =>
    circle.parentElement!.querySelector('title'),
  )!;
  return [(numberOf(ring, 'cx') - LEFT) / (RIGHT - LEFT), (BOTTOM - numberOf(ring, 'cy')) / (BOTTOM - TOP)];
}

const KINDS = [
  ['rocCurves', rocCurves, ({ auc }: ClassCurves) => auc],
  ['precisionRecallCurves', precisionRecallCurves, ({ averagePrecision }: ClassCurves) => averagePrecision],
] as const;

describe.each(KINDS)('%s', (_, figure, areaOf) => {
  it.each([
    [4, 2],
    [7, 2],
    [60, 2],
    [400, 2],
    [3000, 2],
    [1000, 10],
  ])('has lines whose area is that of the record: %i images of %i classes', (images, count) => {
    const curves = makeClassCurves({ classNames: CLASS_NAMES.slice(0, count), images });
    const svg = figure(curves, { document });
    const expected = count === 2 ? [curves[1]] : curves;
    expected.forEach((one, i) => {
      const [points] = linesOf(svg, count === 2 ? SINGLE : classColor(i));
      expect(Math.abs(areaUnder(points) - areaOf(one))).toBeLessThan(0.004);
      expect(points.at(-1)![0]).toBeCloseTo(1, 3);
    });
  });

  it.each([0, 0.2, 0.5, 0.77, 1])(
    'marks the images that are predicted from the threshold %d on',
    (threshold) => {
      const curves = makeClassCurves({ classNames: ['cat', 'dog'] });
      const { thresholds, falsePositiveRates, truePositiveRates, precisions } = curves[1];
      const index = thresholds.filter((probability) => probability >= threshold).length - 1;
      const expected =
        figure === rocCurves
          ? [falsePositiveRates[index], truePositiveRates[index]]
          : [truePositiveRates[index], precisions[index]];
      const svg = figure(curves, { document, threshold });
      ringOf(svg).forEach((value, axis) => expect(value).toBeCloseTo(expected[axis], 3));
      const percents = expected.map((value) => `${(value * 100).toFixed(1)}%`).join(', ');
      expect(textsOf(svg)).toContain(`threshold ${threshold}: ${percents}`);
    },
  );

  it('names the classes of the smallest areas if there are many, and shows the others in gray', () => {
    const classNames = Array.from({ length: 30 }, (_, c) => `c${c}`);
    const curves = makeClassCurves({ classNames, images: 600 });
    const svg = figure(curves, { document, count: 4 });
    const smallest = [...curves].sort((a, b) => areaOf(a) - areaOf(b)).slice(0, 4);
    const named = textsOf(svg).filter((text) => /^c\d+ \(/.test(text));
    expect(named.map((text) => text.split(' ')[0]).sort()).toEqual(
      smallest.map(({ className }) => className).sort(),
    );
    expect(linesOf(svg, GRAY)).toHaveLength(26);
    expect(textsOf(svg)).toContain('26 other classes');
    expect(textsOf(svg).join(' ')).not.toContain('threshold');
  });

  it('names the classes without images, which have no line', () => {
    const curves = makeClassCurves().map((one, c) => ([2, 5].includes(c) ? withoutImages(one) : one));
    const svg = figure(curves, { document });
    expect(descriptionOf(svg)).toContain('Without a curve, for lack of images: bird, dog.');
    expect(linesOf(svg, classColor(2))).toEqual([]);
    expect(linesOf(svg, classColor(3))).toHaveLength(1);
    expect(svg.outerHTML).not.toContain('NaN');
    const none = figure(curves.map(withoutImages), { document });
    expect(none.querySelectorAll('path[fill="none"]')).toHaveLength(0);
  });

  it('has a tooltip with the value of each named class at each position', () => {
    const svg = figure(makeClassCurves(), { document });
    const tooltips = tooltipsOf(svg).filter((text) => text.startsWith('50%: '));
    expect(tooltips).toHaveLength(1);
    for (const name of CLASS_NAMES) expect(tooltips[0]).toMatch(new RegExp(`${name} \\d+\\.\\d%`));
  });

  it('refuses a threshold beyond 0 to 1, a count of 0 and other records', () => {
    const curves = makeClassCurves();
    expect(() => figure(curves, { document, threshold: 1.2 })).toThrow('Expected threshold to be');
    expect(() => figure(curves, { document, count: 0 })).toThrow(
      'Expected count to be an integer >= 1, got 0',
    );
    expect(() => figure([], { document })).toThrow('Expected at least one curve, got none');
    expect(() => figure([{ auc: 1 }] as never, { document })).toThrow('ClassCurves');
  });
});
