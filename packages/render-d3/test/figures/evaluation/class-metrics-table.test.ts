import { expect, it } from 'vitest';
import { classMetricsTable } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeClassMetrics } from '../../support/records.js';
import { descriptionOf, textsOf } from '../../support/svg-queries.js';

it('shows the metrics of each class and their means', () => {
  const metrics = {
    classNames: ['cat', 'dog'],
    precision: [0.5, 1],
    recall: [1, 0.25],
    f1: [2 / 3, 0.4],
    support: [1, 4],
    macro: { precision: 0.75, recall: 0.625, f1: 0.5333 },
    weighted: { precision: 0.9, recall: 0.4, f1: 0.4533 },
    accuracy: 0.4,
    balancedAccuracy: 0.625,
  };
  const svg = classMetricsTable(metrics, { document });
  const texts = textsOf(svg);
  for (const cells of [
    ['cat', 'dog', 'mean', 'weighted'],
    ['50.0%', '100.0%', '75.0%', '90.0%'],
    ['100.0%', '25.0%', '62.5%', '40.0%'],
    ['66.7%', '40.0%', '53.3%', '45.3%'],
    ['1', '4', '5', '5'],
  ])
    expect(texts.join('|')).toContain(cells.join('|'));
  expect(descriptionOf(svg)).toContain('Accuracy 40.0%, balanced accuracy 62.5%.');
});

it('shows the classes with the lowest F1 score of many, lowest first', () => {
  const classNames = Array.from({ length: 50 }, (_, c) => `c${c}`);
  const metrics = makeClassMetrics({ classNames });
  const texts = textsOf(classMetricsTable(metrics, { document, count: 3 }));
  const lowest = [...metrics.f1.keys()].sort((a, b) => metrics.f1[a] - metrics.f1[b]).slice(0, 3);
  expect(texts.filter((text) => /^c\d+$/.test(text))).toEqual(lowest.map((c) => classNames[c]));
  expect(texts.join(' ')).toContain('The 3 of 50 classes with the lowest F1 score.');
});

it('has a dash for what is not a number, and cuts names in a narrow figure', () => {
  const metrics = { ...makeClassMetrics(), accuracy: NaN, balancedAccuracy: NaN };
  expect(descriptionOf(classMetricsTable(metrics, { document }))).toContain(
    'Accuracy –, balanced accuracy –.',
  );
  const long = makeClassMetrics({ classNames: ['a name that goes on and on without an end', 'dog'] });
  const svg = classMetricsTable(long, { document, width: 300 });
  expect(Number(svg.getAttribute('width'))).toBeLessThanOrEqual(300);
  expect(textsOf(svg).some((text) => /^a.*…$/.test(text))).toBe(true);
});

it('refuses other records and unknown options', () => {
  expect(() => classMetricsTable({} as never, { document })).toThrow('ClassMetrics');
  expect(() => classMetricsTable(makeClassMetrics(), { document, counts: 1 } as never)).toThrow('count');
});
