import {
  classCurves,
  classMetrics,
  confusionMatrix,
  multiLabelMetrics,
  topKAccuracy,
} from '@convlens/activations';
import { randomAt, type Prediction } from '@convlens/core';
import { serialize } from '@convlens/render-d3';
import { createDocument } from '@convlens/render-d3/node';
import { describe, expect, it } from 'vitest';
import { accuracySection } from '../../src/report/sections/accuracy-section.js';

const document = createDocument();

/** The records of random predictions, as a report collects them. */
function dataOf(classes: number, { labels = classes } = {}) {
  const random = randomAt(3, 'accuracy-section', classes);
  const classNames = Array.from({ length: classes }, (_, c) => `c${c}`);
  const predictions = Array.from({ length: 60 }, (_, index): Prediction => {
    const label = index % labels;
    const raw = classNames.map((_, c) => random() + (c === label ? 0.5 : 0));
    const total = raw.reduce((sum, value) => sum + value);
    const probabilities = Float32Array.from(raw, (value) => value / total);
    const predicted = probabilities.indexOf(Math.max(...probabilities));
    return { index, label, predicted, confidence: probabilities[predicted], probabilities };
  });
  const confusion = confusionMatrix(predictions, { classNames });
  const metrics = classMetrics(confusion);
  const { accuracy } = metrics;
  const size = { height: 1, width: 1, channels: 1 };
  const test = {
    kind: 'image-set' as const,
    name: 'random',
    pixels: new Uint8Array(60),
    count: 60,
    ...size,
    classNames,
  };
  return {
    test,
    evaluation: { name: 'random', count: 60, loss: 1, accuracy, confusion },
    classMetrics: metrics,
    classCurves: classCurves(predictions, { classNames }),
    ...(classes >= 10 && { topFiveAccuracy: topKAccuracy(predictions) }),
    mistakes: { name: 'random', classNames, count: 60, correct: 0, wrong: 0, limit: 16, entries: [] },
    predictions,
    examples: [],
  };
}

const percent = (fraction: number) => `${(100 * fraction).toFixed(2)}%`;

describe('the accuracy section', () => {
  it.each([2, 3, 9, 10, 30])('shows curves and metrics of %i classes', (classes) => {
    const data = dataOf(classes);
    const { figures, tables, text } = accuracySection.build(data)!;
    const curves = figures.filter(({ name }) => name.endsWith('_curves'));
    expect(curves.map(({ name }) => name)).toEqual(['roc_curves', 'precision_recall_curves']);
    for (const { render, note } of curves) {
      const svg = serialize(render({ document }));
      // Only a binary classifier has a threshold.
      expect([svg.includes('threshold 0.5'), note!.includes('0.5')]).toEqual([classes === 2, classes === 2]);
    }
    expect(text).toContain(percent(data.classMetrics.balancedAccuracy));
    expect(text!.includes('top-5 accuracy')).toBe(classes >= 10);
    const [{ columns, rows }] = tables!;
    expect(rows).toHaveLength(classes);
    const { auc, averagePrecision } = data.classCurves[1];
    expect(Object.fromEntries(columns.map((column, i) => [column, rows[1][i]]))).toMatchObject({
      class: 'c1',
      'test images': data.classMetrics.support[1],
      recall: `${(100 * data.classMetrics.recall[1]).toFixed(1)}%`,
      AUC: auc.toFixed(3),
      'average precision': averagePrecision.toFixed(3),
    });
  });

  it.each([2, 5])('shows %i classes of a multi-label classifier each by itself', (classes) => {
    const { predictions, ...data } = dataOf(classes);
    const { classNames } = data.evaluation.confusion;
    const metrics = multiLabelMetrics(predictions, { classNames, threshold: 0.3 });
    const { figures, tables, text } = accuracySection.build({
      ...{ ...data, predictions: [] },
      multiLabelMetrics: metrics,
    })!;
    expect(text).toContain(
      `predicted from 0.3 on, ${percent(metrics.accuracy)} of the decisions are correct`,
    );
    expect(text).toContain(percent(metrics.subsetAccuracy));
    const [{ columns, rows }] = tables!;
    const cells = rows.map((row) => row[columns.indexOf('recall')]);
    expect(cells).toEqual(metrics.recall.map((recall) => `${(100 * recall).toFixed(1)}%`));
    const [roc] = figures.filter(({ name }) => name === 'roc_curves');
    const svg = serialize(roc.render({ document }));
    for (const name of classNames) expect(svg).toContain(`>${name} (`);
    expect(svg).not.toContain('threshold');
  });

  it('has no areas of a class without images', () => {
    const [{ columns, rows }] = accuracySection.build(dataOf(4, { labels: 3 }))!.tables!;
    expect(rows[3].slice(columns.indexOf('AUC'), columns.indexOf('AUC') + 2)).toEqual(['none', 'none']);
  });
});
