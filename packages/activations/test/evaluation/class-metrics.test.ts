import { readFileSync } from 'node:fs';
import type { Prediction } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { classCurves, classMetrics, confusionMatrix, topKAccuracy } from '../../src/index.js';

type Value = number | null | 'Infinity';

interface Curves {
  readonly fpr: readonly Value[];
  readonly tpr: readonly Value[];
  readonly thresholds: readonly Value[];
  readonly auc: Value;
  readonly precision: readonly Value[];
  readonly recall: readonly Value[];
  readonly averagePrecision: Value;
}

interface Case {
  readonly labels: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
  readonly classes: number;
  readonly expected: Record<'precision' | 'recall' | 'f1' | 'support', readonly number[]> &
    Record<'macro' | 'weighted', Record<string, number>> & {
      readonly accuracy: number;
      readonly balancedAccuracy: number;
      readonly curves: readonly Curves[];
    };
}

/** Of scikit-learn: make-metrics.py. */
const cases = JSON.parse(
  readFileSync(new URL('../fixtures/metrics.json', import.meta.url), 'utf8'),
) as Record<string, Case>;

const predictionsOf = ({ labels, probabilities }: Case): Prediction[] =>
  labels.map((label, index) => {
    const row = Float32Array.from(probabilities[index]);
    const predicted = row.indexOf(Math.max(...row));
    return { index, label, predicted, confidence: row[predicted], probabilities: row };
  });
const classNamesOf = ({ classes }: Case) => Array.from({ length: classes }, (_, c) => `class ${c}`);
const numberOf = (value: Value) => (value === null ? NaN : Number(value));

function expectClose(actual: readonly number[], expected: readonly Value[], title: string): void {
  expect(actual.length, title).toBe(expected.length);
  actual.forEach((value, i) => {
    const reference = numberOf(expected[i]);
    if (Number.isFinite(reference)) expect(value, `${title} ${i}`).toBeCloseTo(reference, 9);
    else expect(value, `${title} ${i}`).toBe(reference);
  });
}

describe.each(Object.entries(cases))('metrics of %s', (_, one) => {
  const predictions = predictionsOf(one);
  const classNames = classNamesOf(one);
  const { expected } = one;

  it('are those of scikit-learn', () => {
    const metrics = classMetrics(confusionMatrix(predictions, { classNames }));
    for (const name of ['precision', 'recall', 'f1', 'support'] as const)
      expectClose(metrics[name], expected[name], name);
    for (const kind of ['macro', 'weighted'] as const)
      for (const name of ['precision', 'recall', 'f1'] as const)
        expect(metrics[kind][name], `${kind} ${name}`).toBeCloseTo(expected[kind][name], 9);
    expect(metrics.accuracy).toBeCloseTo(expected.accuracy, 9);
    expect(metrics.balancedAccuracy).toBeCloseTo(expected.balancedAccuracy, 9);
    expect(topKAccuracy(predictions, { k: 1 })).toBe(metrics.accuracy);
  });

  it('have the curves of scikit-learn', () =>
    classCurves(predictions, { classNames }).forEach((curves, c) => {
      const reference = expected.curves[c];
      expect(curves.className).toBe(classNames[c]);
      expectClose(curves.thresholds, reference.thresholds, 'thresholds');
      expectClose(curves.falsePositiveRates, reference.fpr, 'false positive rates');
      expectClose(curves.truePositiveRates, reference.tpr, 'true positive rates');
      expectClose([curves.auc], [reference.auc], 'AUC');
      if (!one.labels.includes(c)) {
        // Scikit-learn has a recall of 1 and an average precision of 0 for a class without images.
        expect(curves.averagePrecision).toBeNaN();
        return;
      }
      expectClose(curves.precisions, reference.precision, 'precisions');
      expectClose(curves.truePositiveRates, reference.recall, 'recalls');
      expectClose([curves.averagePrecision], [reference.averagePrecision], 'average precision');
    }));
});

const prediction = (label: number, ...probabilities: number[]): Prediction => {
  const predicted = probabilities.indexOf(Math.max(...probabilities));
  return {
    index: 0,
    label,
    predicted,
    confidence: probabilities[predicted],
    probabilities: Float32Array.from(probabilities),
  };
};

describe('topKAccuracy', () => {
  it('counts a label among the k highest probabilities, of equal ones the lower class first', () => {
    const predictions = [
      prediction(2, 0.5, 0.25, 0.25),
      prediction(1, 0.5, 0.25, 0.25),
      prediction(0, 0.2, 0.3, 0.5),
      prediction(1, 0, 1, 0),
    ];
    expect([1, 2, 3, 4].map((k) => topKAccuracy(predictions, { k }))).toEqual([1 / 4, 2 / 4, 1, 1]);
    expect(topKAccuracy(predictions)).toBe(1);
    expect(topKAccuracy([])).toBeNaN();
  });
});

describe('confusionMatrix', () => {
  const predictions = [prediction(0, 0.8, 0.2), prediction(1, 0.6, 0.4), prediction(1, 0.1, 0.9)];
  const classNames = ['cat', 'dog'];

  it.each([
    [undefined, [1, 0, 1, 1]],
    [0.41, [1, 0, 1, 1]],
    [0.4, [1, 0, 0, 2]],
    [0.1, [0, 1, 0, 2]],
    [1, [1, 0, 2, 0]],
  ])('has the second class from the threshold %s on', (threshold, counts) =>
    expect([...confusionMatrix(predictions, { classNames, threshold }).counts]).toEqual(counts),
  );

  it('refuses a threshold for other than two classes, other classes, and predictions without labels', () => {
    expect(() => confusionMatrix([], { classNames: ['a', 'b', 'c'], threshold: 0.5 })).toThrow(
      'Expected two classes for a threshold, got 3',
    );
    expect(() => confusionMatrix(predictions, { classNames: ['a'] })).toThrow(
      'Expected predictions of 1 classes, got 2',
    );
    const unlabeled = [{ ...predictions[0], label: undefined }];
    expect(() => confusionMatrix(unlabeled, { classNames })).toThrow('the label of predictions[0]');
    expect(() => classCurves(unlabeled, { classNames })).toThrow('the label of predictions[0]');
  });

  it('has no images without predictions', () => {
    const metrics = classMetrics(confusionMatrix([], { classNames }));
    expect(metrics).toMatchObject({
      support: [0, 0],
      precision: [0, 0],
      accuracy: NaN,
      balancedAccuracy: NaN,
    });
  });
});
