import { expect, it } from 'vitest';
import { trainingCurves } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeHistory } from '../../support/records.js';
import { descriptionOf, numberOf, textsOf } from '../../support/svg-queries.js';

const LIGHT = { train: '#1f6fd0', validation: '#d9560b', test: '#0d8763', event: '#8557c8' };

const pathsOf = (svg: Element, color: string) => [...svg.querySelectorAll(`path[stroke="${color}"]`)];
const pointsOf = (path: Element) =>
  [...path.getAttribute('d')!.matchAll(/([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

it('shows loss and accuracy of training and validation, one point per epoch, evenly spaced', () => {
  const svg = trainingCurves(makeHistory(), { document });
  for (const color of [LIGHT.train, LIGHT.validation]) {
    const paths = pathsOf(svg, color);
    expect(paths).toHaveLength(2);
    const xs = pointsOf(paths[0]).map(([x]) => x);
    expect(xs).toHaveLength(50);
    const step = (xs[49] - xs[0]) / 49;
    xs.forEach((x, i) => expect(x).toBeCloseTo(xs[0] + i * step, 2));
  }
});

it('puts ticks and curves on the same linear scale', () => {
  const history = makeHistory({ epochs: 5, validation: false });
  const svg = trainingCurves(history, { document });
  const points = pointsOf(pathsOf(svg, LIGHT.train)[0]);
  const ticks = [...svg.querySelectorAll('text')]
    .filter((text) => /^\d\.\d+$/.test(text.textContent!) && text.getAttribute('text-anchor') === 'end')
    .map((text) => [Number(text.textContent), numberOf(text, 'y') - 3.5]);
  const [[low, yLow], [high, yHigh]] = [ticks[0], ticks.at(-1)!];
  history.forEach(({ loss }, i) =>
    expect(points[i][1]).toBeCloseTo(yLow + ((loss - low) / (high - low)) * (yHigh - yLow), 2),
  );
});

it('marks a learning-rate cut at the first epoch with the lower rate', () => {
  const svg = trainingCurves(makeHistory({ cuts: [23, 30, 43] }), { document });
  const xs = pointsOf(pathsOf(svg, LIGHT.train)[0]).map(([x]) => x);
  const marks = [...svg.querySelectorAll(`g > line[stroke="${LIGHT.event}"]`)].filter(
    (line) => numberOf(line, 'y1') > 0,
  );
  expect(marks).toHaveLength(6);
  expect(marks.slice(0, 3).map((line) => numberOf(line, 'x1'))).toEqual([xs[23], xs[30], xs[43]]);
  expect(textsOf(svg)).toContain('1.25e−4');
  expect(svg.textContent).toContain('from epoch 24: learning rate 5e−4');
});

it('marks no cuts for a rate that decays in every step', () => {
  const history = makeHistory({ cuts: [] }).map((record, i) => ({
    ...record,
    learningRate: 1e-3 / (1 + 1e-4 * i),
  }));
  expect(textsOf(trainingCurves(history, { document }))).not.toContain('learning-rate cut');
});

it('marks no cuts for a cosine schedule', () => {
  const history = makeHistory({ epochs: 30, cuts: [] }).map((record, i) => ({
    ...record,
    learningRate: (1e-3 * (1 + Math.cos((Math.PI * i) / 30))) / 2,
  }));
  expect(textsOf(trainingCurves(history, { document }))).not.toContain('learning-rate cut');
});

it('keeps a negative loss inside its panel', () => {
  const history = makeHistory({ epochs: 3, validation: false }).map((record) => ({
    ...record,
    loss: -0.5 - record.epoch,
  }));
  const ys = pointsOf(pathsOf(trainingCurves(history, { document }), LIGHT.train)[0]).map(([, y]) => y);
  expect(Math.min(...ys)).toBeGreaterThanOrEqual(44);
  expect(Math.max(...ys)).toBeLessThanOrEqual(262);
});

it('shows test accuracy and test loss as dashed lines with their values', () => {
  const svg = trainingCurves(makeHistory(), { document, testAccuracy: 0.8498, testLoss: 0.4496 });
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['test 84.98%', 'test 0.450']));
  expect(svg.querySelectorAll(`line[stroke="${LIGHT.test}"][stroke-dasharray]`)).toHaveLength(3);
});

it('marks the epoch with the lowest validation loss, or bestEpoch', () => {
  expect(textsOf(trainingCurves(makeHistory(), { document }))).toContain('best epoch: 48');
  expect(textsOf(trainingCurves(makeHistory(), { document, bestEpoch: 0 }))).toContain('best epoch: 1');
});

it('omits validation, test, cuts and best epoch if there are none', () => {
  const texts = textsOf(trainingCurves(makeHistory({ epochs: 4, validation: false }), { document }));
  expect(texts).toContain('training');
  for (const absent of ['validation', 'test', 'learning-rate cut']) expect(texts).not.toContain(absent);
  expect(texts.join()).not.toContain('best');
});

it('shows a single epoch as points, and a diverged run up to its last finite loss', () => {
  const single = trainingCurves(makeHistory({ epochs: 1 }), { document });
  expect(single.outerHTML).not.toContain('NaN');
  expect(single.querySelectorAll('circle[r="3"]')).toHaveLength(4);
  const history = makeHistory({ epochs: 20 }).map((record) =>
    record.epoch > 9 ? { ...record, loss: NaN } : record,
  );
  const diverged = trainingCurves(history, { document });
  expect(diverged.querySelectorAll('[d*="NaN"], [y*="NaN"], [cy*="NaN"]')).toHaveLength(0);
  expect(pointsOf(pathsOf(diverged, LIGHT.train)[0])).toHaveLength(10);
});

it('marks diverged epochs in both panels, with one text for consecutive ones, and describes them', () => {
  const history = makeHistory({ epochs: 20 }).map((record) =>
    [3, 17, 18, 19].includes(record.epoch) ? { ...record, diverged: 'weight a/b NaN' } : record,
  );
  const svg = trainingCurves(history, { document });
  const titles = [...svg.querySelectorAll('g > title')].map(({ textContent }) => textContent);
  expect(titles.filter((title) => title?.endsWith('diverged'))).toEqual(
    [4, 18, 19, 20, 4, 18, 19, 20].map((epoch) => `epoch ${epoch}: diverged`),
  );
  expect(textsOf(svg).filter((text) => text === 'diverged')).toHaveLength(4);
  expect(descriptionOf(svg)).toContain('Diverged in epochs 4, 18, 19, 20.');
  expect(descriptionOf(trainingCurves(history.slice(0, 5), { document }))).toContain('Diverged in epoch 4.');
});

it('marks epochs of earlier versions, whose history has only the losses', () => {
  const history = makeHistory({ epochs: 5 }).map((record) =>
    record.epoch === 4 ? { ...record, valLoss: Infinity } : record,
  );
  expect(textsOf(trainingCurves(history, { document }))).toContain('diverged');
  expect(textsOf(trainingCurves(history.slice(0, 4), { document }))).not.toContain('diverged');
});

it('shows the axes before the first epoch', () => {
  const svg = trainingCurves([], { document });
  expect(svg.querySelector('path')).toBeNull();
  expect(textsOf(svg)).toEqual(
    expect.arrayContaining(['Loss cross-entropy', 'Accuracy fraction of images', 'epoch']),
  );
  expect(descriptionOf(svg)).toBe('No epoch is complete yet.');
});

it('stacks the panels in a narrow figure', () => {
  const svg = trainingCurves(makeHistory(), { document, width: 360 });
  expect(numberOf(svg, 'width')).toBe(360);
  expect(numberOf(svg, 'height')).toBeGreaterThan(600);
});

it('has a tooltip with the values of each epoch', () => {
  const svg = trainingCurves(makeHistory(), { document });
  const tooltips = [...svg.querySelectorAll('rect[pointer-events="all"] title')];
  expect(tooltips).toHaveLength(100);
  const { accuracy, valAccuracy } = makeHistory()[49];
  const percent = (fraction: number) => `${(100 * fraction).toFixed(2)}%`;
  expect(tooltips[99].textContent).toBe(
    `epoch 50: training ${percent(accuracy)}, validation ${percent(valAccuracy!)}`,
  );
});

it('refuses a bestEpoch that is not in the history', () => {
  expect(() => trainingCurves([], { document, bestEpoch: 0 })).toThrow(
    'Expected bestEpoch to be absent without epochs, got 0',
  );
  expect(() => trainingCurves(makeHistory({ epochs: 4 }), { document, bestEpoch: 4 })).toThrow(
    'Expected bestEpoch to be from 0 to 3, got 4',
  );
});
