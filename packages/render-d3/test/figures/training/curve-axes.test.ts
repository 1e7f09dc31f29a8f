import type { EpochRecord } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { measureText, runComparison, trainingCurves } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeRuns } from '../../support/method-records.js';
import { makeHistory } from '../../support/records.js';
import { descriptionOf, numberOf, textsOf, tooltipsOf } from '../../support/svg-queries.js';

const TRAIN = '#1f6fd0';
/** The borders of a panel and its left edge in pixels: see charts/line-panel.ts. */
const [TOP, BOTTOM, LEFT] = [44, 262, 46];

const historyOf = (losses: readonly number[]): EpochRecord[] =>
  losses.map((loss, epoch) => ({ epoch, learningRate: 1e-3, seconds: 1, metrics: {}, loss, accuracy: 0.5 }));

/** The y of each epoch on the training line of a panel; NaN where it is interrupted. */
function pixelsOf(svg: Element, panel = 0): (readonly [number, number])[] {
  const path = svg.querySelectorAll(`path[fill="none"][stroke="${TRAIN}"]`)[panel];
  return [...path.getAttribute('d')!.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
}

/** The ticks of the vertical axis of a panel: text and y of the tick in pixels. */
function ticksOf(svg: Element, panel = 0) {
  const groups = [...svg.querySelectorAll('text[text-anchor="end"][font-size="10.5"]')].filter(
    (text) => numberOf(text, 'x') === LEFT - 7,
  );
  const parents = [...new Set(groups.map((text) => text.parentElement!))];
  return groups
    .filter((text) => text.parentElement === parents[panel])
    .map((text) => ({ text: text.textContent!, y: numberOf(text, 'y') - 3.5 }));
}

const valueOf = (text: string) => Number(text.replace('−', '-').replaceAll(',', ''));

describe('a log scale', () => {
  it.each([
    ['three decades', [10, 1, 0.1, 0.01]],
    ['one decade', [2.3, 1.1, 0.6, 0.31]],
    ['a tenth of a decade', [1.1, 1.05, 1, 0.98]],
    ['twelve decades', [1e6, 1, 1e-3, 1e-6]],
    ['tiny losses', [3e-9, 2e-9, 1e-9]],
  ])('has ticks and points at the logarithm of their values: %s', (_, losses) => {
    const svg = trainingCurves(historyOf(losses), { document, scale: 'log' });
    const ticks = ticksOf(svg);
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    const [first, last] = [ticks[0], ticks.at(-1)!];
    const slope = (last.y - first.y) / Math.log(valueOf(last.text) / valueOf(first.text));
    const yOf = (value: number) => first.y + slope * Math.log(value / valueOf(first.text));
    for (const { text, y } of ticks) expect(y).toBeCloseTo(yOf(valueOf(text)), 0);
    const points = pixelsOf(svg);
    losses.forEach((loss, i) => expect(Math.abs(points[i][1] - yOf(loss))).toBeLessThan(0.6));
    expect(descriptionOf(svg)).toContain('The loss is on a log scale.');
  });

  it.each([
    ['0', [1, 0.5, 0, 0.2], 'epoch 3'],
    ['a negative loss', [1, -0.5, 0.3, 0.2], 'epoch 2'],
    ['some', [0, 1, 0.4, -1, 0.2, 0.1], 'epochs 1, 4'],
    ['many', [1, 0.5, 0, 0, 0, 0, 0, 0, 0], 'epochs 3, 4, 5, 6, 7 and 2 more'],
    ['all', [0, 0, -1], 'epochs 1, 2, 3'],
  ])('interrupts the line at losses of 0 or less, and names the epochs: %s', (_, losses, epochs) => {
    const svg = trainingCurves(historyOf(losses), { document, scale: 'log' });
    expect(descriptionOf(svg)).toContain(`It cannot show a loss of 0 or less: ${epochs}.`);
    expect(textsOf(svg).join(' ')).toContain(epochs.slice(0, 8));
    expect(svg.outerHTML).not.toMatch(/NaN|Infinity/);
    for (const [, y] of svg.querySelectorAll('path').length > 1 ? pixelsOf(svg) : [])
      expect(y >= TOP - 0.01 && y <= BOTTOM + 0.01).toBe(true);
  });

  it('is one of the comparison of runs too, and leaves the accuracy linear', () => {
    const linear = runComparison(makeRuns(), { document });
    const log = runComparison(makeRuns(), { document, scale: 'log' });
    expect(ticksOf(log, 1)).toEqual(ticksOf(linear, 1));
    expect(ticksOf(log, 0)).not.toEqual(ticksOf(linear, 0));
  });
});

describe('a domain', () => {
  it.each([
    [[0.5, 1.5], 'linear'],
    [[0.25, 4], 'linear'],
    [[0.9, 1.1], 'linear'],
    [[0.1, 10], 'log'],
    [[0.7, 1.6], 'log'],
  ] as const)('is what the axis covers, and lines are cut at its ends: %j, %s', (domain, scale) => {
    const losses = [3, 2, 1, 0.5, 0.2, 1.2, 2.4];
    const svg = trainingCurves(historyOf(losses), { document, domain, scale });
    const transform = scale === 'log' ? Math.log : (value: number) => value;
    const [low, high] = domain.map(transform);
    const yOf = (loss: number) => BOTTOM - ((transform(loss) - low) / (high - low)) * (BOTTOM - TOP);
    const points = pixelsOf(svg);
    const inside = losses.filter((loss) => loss >= domain[0] && loss <= domain[1]);
    for (const loss of inside) expect(points.some(([, y]) => Math.abs(y - yOf(loss)) < 0.01)).toBe(true);
    for (const [, y] of points) expect(y >= TOP - 0.01 && y <= BOTTOM + 0.01).toBe(true);
    const crossings = points.filter(([, y]) => Math.abs(y - TOP) < 0.01 || Math.abs(y - BOTTOM) < 0.01);
    expect(crossings.length).toBeGreaterThanOrEqual(points.length - inside.length);
    expect(descriptionOf(svg)).toContain('Losses beyond the axis are cut.');
  });

  it('of the accuracy holds the axis in place', () => {
    for (const epochs of [2, 10, 50]) {
      const svg = trainingCurves(makeHistory({ epochs }), { document, accuracyDomain: [0, 1] });
      const ticks = ticksOf(svg, 1);
      expect([ticks[0], ticks.at(-1)]).toEqual([
        { text: '0%', y: BOTTOM },
        { text: '100%', y: TOP },
      ]);
    }
  });

  it.each([
    [{ domain: [1, 1] }, 'Expected domain to rise, got [1, 1]'],
    [{ domain: [2, 1] }, 'Expected domain to rise, got [2, 1]'],
    [{ domain: [0, NaN] }, 'Expected domain to rise'],
    [{ domain: [0, Infinity] }, 'Expected domain to rise'],
    [{ domain: [1] }, 'Expected domain to be a list of two numbers'],
    [{ domain: 5 }, 'Expected domain to be a list of two numbers'],
    [{ domain: ['a', 1] }, 'Expected domain[0] to be a number'],
    [{ accuracyDomain: [0, 2] }, 'Expected accuracyDomain to rise, from 0 or more to 1 or less, got [0, 2]'],
    [{ scale: 'log', domain: [0, 1] }, 'Expected domain to begin above 0 on a log scale, got [0, 1]'],
    [{ scale: 'log', domain: [-1, 1] }, 'Expected domain to begin above 0 on a log scale, got [-1, 1]'],
    [{ scale: 'sqrt' }, 'Expected scale to be one of linear, log, got "sqrt"'],
  ])('is refused where it is none: %j', (options, message) => {
    const call = (figure: (options: object) => unknown) => () => figure({ document, ...options });
    expect(call((all) => trainingCurves(makeHistory(), all))).toThrow(message);
    expect(call((all) => runComparison(makeRuns(), all))).toThrow(message);
  });
});

describe('the axis of values', () => {
  it.each([
    [2.3, 2.3000001],
    [0.12, Math.fround(0.12)],
    [0.6931472, 0.6931471],
    [1e6, 1e6 + 0.01],
    [1e-7, 1e-7 + 1e-16],
  ])('does not magnify rounding: %d and %d', (loss, valLoss) => {
    const history = [{ ...historyOf([loss])[0], valLoss, accuracy: 0.12, valAccuracy: Math.fround(0.12) }];
    const svg = trainingCurves(history, { document });
    for (const panel of [0, 1]) {
      const ticks = ticksOf(svg, panel);
      const texts = ticks.map(({ text }) => text);
      expect(new Set(texts).size).toBe(texts.length);
      for (const text of texts) expect(text.replace(/\D/g, '').length).toBeLessThanOrEqual(7);
    }
    expect(ticksOf(svg, 1)[0].text).toMatch(/^\d\d(\.\d)?%$/);
  });

  it.each([
    ['tiny', [1e-9, 2e-9, 3e-9]],
    ['tiny and close', [1e-9, 1.0001e-9, 1.0002e-9]],
    ['large', [1e9, 2e9, 3e9]],
    ['large and close', [123456, 123457, 123458]],
    ['close', [0.6931, 0.69312, 0.69314]],
    ['of both signs', [-1e-8, 1e-8, 0]],
  ])('has ticks that fit, differ and do not overlap: %s', (_, losses) => {
    for (const scale of ['linear', 'log'] as const) {
      if (scale === 'log' && losses.some((loss) => loss <= 0)) continue;
      const ticks = ticksOf(trainingCurves(historyOf(losses), { document, scale }));
      expect(ticks.length).toBeGreaterThan(1);
      expect(new Set(ticks.map(({ text }) => text)).size).toBe(ticks.length);
      ticks.forEach(({ text, y }, i) => {
        expect(measureText(text, { size: 10.5 })).toBeLessThanOrEqual(LEFT + 8);
        if (i > 0) expect(Math.abs(y - ticks[i - 1].y)).toBeGreaterThanOrEqual(12);
      });
    }
  });
});

describe('epochs without a loss', () => {
  const without = (epochs: readonly number[]) =>
    historyOf([1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]).map((record) =>
      epochs.includes(record.epoch + 1)
        ? ({ epoch: record.epoch, learningRate: 1e-3 } as EpochRecord)
        : record,
    );

  it.each([[[3]], [[1]], [[8]], [[2, 3, 7]], [[1, 2, 3, 4, 5, 6, 7]], [[1, 2, 3, 4, 5, 6, 7, 8]]])(
    'are marked and interrupt the line: %j',
    (epochs) => {
      const svg = trainingCurves(without(epochs), { document });
      for (const epoch of epochs) expect(tooltipsOf(svg)).toContain(`epoch ${epoch}: no loss`);
      expect(textsOf(svg).filter((text) => text === 'no loss').length).toBeGreaterThan(0);
      expect(textsOf(svg)).not.toContain('diverged');
      expect(descriptionOf(svg)).toContain(
        `Without a loss: epoch${epochs.length > 1 ? 's' : ''} ${epochs.join(', ')}.`,
      );
      expect(svg.outerHTML).not.toMatch(/NaN|undefined/);
      const segments = svg.querySelector(`path[fill="none"][stroke="${TRAIN}"]`)?.getAttribute('d') ?? '';
      const isKnown = (epoch: number) => epoch >= 1 && epoch <= 8 && !epochs.includes(epoch);
      const starts = [1, 2, 3, 4, 5, 6, 7, 8].filter((epoch) => isKnown(epoch) && !isKnown(epoch - 1));
      expect(segments.match(/M/g)?.length ?? 0).toBe(starts.length);
    },
  );

  it.each([[[3]], [[2, 3]], [[1, 2]], [[7, 8]], [[2, 3, 7]], [[3, 5]], [[3, 4, 6, 7]]])(
    'have texts that cross no mark and stay in the panel: %j',
    (epochs) => {
      const svg = trainingCurves(without(epochs), { document });
      const texts = [...svg.querySelectorAll('text')].filter(({ textContent }) => textContent === 'no loss');
      for (const text of texts) {
        const marks = [...text.parentElement!.querySelectorAll(':scope > g > line')];
        const marked = marks.map((line) => numberOf(line, 'x1'));
        expect(marked).toEqual(expect.arrayContaining([expect.any(Number)]));
        const width = measureText('no loss', { size: 10 });
        const isEnd = text.getAttribute('text-anchor') === 'end';
        const start = numberOf(text, 'x') - (isEnd ? width : 0);
        expect(marked.filter((x) => x >= start - 1 && x <= start + width + 1)).toEqual([]);
        expect(start).toBeGreaterThanOrEqual(LEFT);
      }
      expect(texts.length).toBeGreaterThan(1);
    },
  );

  it('are none where only the validation is missing', () => {
    const history = makeHistory({ epochs: 6 }).map((record) =>
      record.epoch % 2 ? { ...record, valLoss: undefined, valAccuracy: undefined } : record,
    );
    expect(textsOf(trainingCurves(history, { document }))).not.toContain('no loss');
  });
});
