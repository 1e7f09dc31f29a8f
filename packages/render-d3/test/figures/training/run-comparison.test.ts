import { expect, it } from 'vitest';
import { runComparison } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeRuns } from '../../support/method-records.js';
import { textsOf } from '../../support/svg-queries.js';

it('compares on the validation images, and in training if a run has none', () => {
  const runs = makeRuns();
  const validated = textsOf(runComparison(runs, { document })).join(' ');
  expect(validated).toContain('On the validation images');
  expect(validated).toContain('cifar10-bn-6conv: test 84.98%');
  const history = runs[0].history.map(({ valLoss: _, valAccuracy: __, ...record }) => record);
  const mixed = runComparison([{ name: 'plain', history }, ...runs.slice(1)], { document });
  expect(textsOf(mixed).join(' ')).toContain('On the training images');
  expect(mixed.querySelectorAll('path')).toHaveLength(6);
});

it('has no ring without a best epoch', () => {
  const [{ history }] = makeRuns(1);
  const plain = history.map(({ valLoss: _, valAccuracy: __, ...record }) => record);
  const svg = runComparison([{ name: 'plain', history: plain }], { document });
  expect(svg.querySelectorAll('circle')).toHaveLength(0);
  const percent = `${(100 * plain.at(-1)!.accuracy).toFixed(2)}%`;
  expect(textsOf(svg)).toContain(`plain: ${percent}`);
  expect(textsOf(svg).join(' ')).not.toContain('ringed');
});

it('cuts a long name in the legend, but not the accuracy after it', () => {
  const [run] = makeRuns(1);
  const name = 'a run whose name goes on and on '.repeat(9);
  const texts = textsOf(runComparison([{ ...run, name }], { document, width: 400 }));
  expect(texts.find((text) => text.startsWith('a run'))).toMatch(/…: test 84\.98%$/);
});

it('names a run whose last epoch is diverged, and no other', () => {
  const [first, second] = makeRuns(2);
  const history = first.history.map((record, i) =>
    i === first.history.length - 1 ? { ...record, diverged: 'loss NaN' } : record,
  );
  const texts = textsOf(runComparison([{ ...first, history }, second], { document })).join(' ');
  expect(texts).toMatch(new RegExp(`${first.name}: test [0-9.]+%, diverged`));
  expect(texts).not.toMatch(new RegExp(`${second.name}: test [0-9.]+%, diverged`));
});
