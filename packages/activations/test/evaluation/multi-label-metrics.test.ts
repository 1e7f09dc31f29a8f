import { readFileSync } from 'node:fs';
import type { MetricsAverage, Prediction } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { classCurves, classMetrics, confusionMatrix, multiLabelMetrics, scoresOf } from '../../src/index.js';

interface Case {
  readonly targets: readonly (readonly number[])[];
  readonly probabilities: readonly (readonly number[])[];
  readonly threshold: number;
  readonly expected: Record<'precision' | 'recall' | 'f1' | 'support', readonly number[]> &
    Record<'macro' | 'micro' | 'weighted', MetricsAverage> &
    Record<'accuracy' | 'subsetAccuracy' | 'loss', number> &
    Record<'auc' | 'averagePrecision', readonly (number | null)[]>;
}

/** Of scikit-learn: make-metrics.py. */
const cases = JSON.parse(
  readFileSync(new URL('../fixtures/multi-label-metrics.json', import.meta.url), 'utf8'),
) as Record<string, Case>;

const predictionsOf = (rows: Case['probabilities'], labels?: readonly number[]): Prediction[] =>
  rows.map((row, index) => {
    const probabilities = Float32Array.from(row);
    const predicted = probabilities.indexOf(Math.max(...probabilities));
    return { index, label: labels?.[index], predicted, confidence: probabilities[predicted], probabilities };
  });
const namesOf = ([row]: Case['probabilities']) => row.map((_, c) => `label ${c}`);

function expectClose(actual: readonly number[], expected: readonly (number | null)[], title: string): void {
  expect(actual.length, title).toBe(expected.length);
  actual.forEach((value, i) => {
    const reference = expected[i];
    if (reference === null) expect(value, `${title} ${i}`).toBeNaN();
    else expect(value, `${title} ${i}`).toBeCloseTo(reference, 9);
  });
}

describe.each(Object.entries(cases))(
  'metrics of %s',
  (_, { targets, probabilities, threshold, expected }) => {
    const predictions = predictionsOf(probabilities);
    const classNames = namesOf(probabilities);
    const options = { classNames, targets: targets.flat() };

    it('are those of scikit-learn', () => {
      const metrics = multiLabelMetrics(predictions, { ...options, threshold });
      for (const name of ['precision', 'recall', 'f1', 'support'] as const)
        expectClose(metrics[name], expected[name], name);
      for (const kind of ['macro', 'micro', 'weighted'] as const)
        for (const name of ['precision', 'recall', 'f1'] as const)
          expect(metrics[kind][name], `${kind} ${name}`).toBeCloseTo(expected[kind][name], 9);
      for (const name of ['accuracy', 'subsetAccuracy', 'loss'] as const)
        expect(metrics[name], name).toBeCloseTo(expected[name], 7);
      expect(metrics).toMatchObject({ threshold, classNames, count: targets.length });
    });

    it('have the areas of scikit-learn', () => {
      const curves = classCurves(predictions, options);
      expectClose(
        curves.map(({ auc }) => auc),
        expected.auc,
        'AUC',
      );
      expectClose(
        curves.map(({ averagePrecision }) => averagePrecision),
        expected.averagePrecision,
        'average precision',
      );
    });
  },
);

describe('multiLabelMetrics', () => {
  const rows = [
    [0.9, 0.2],
    [0.6, 0.7],
    [0.3, 0.4],
  ];
  const classNames = ['cat', 'dog'];

  it('takes the label of an image for its only class without targets', () => {
    const predictions = predictionsOf(rows, [0, 1, 1]);
    const metrics = multiLabelMetrics(predictions, { classNames });
    expect(metrics).toEqual(multiLabelMetrics(predictions, { classNames, targets: [1, 0, 0, 1, 0, 1] }));
    // The first class is predicted of the second image too, whose highest probability is another.
    expect(metrics.precision).toEqual([1 / 2, 1]);
    expect(classMetrics(confusionMatrix(predictions, { classNames })).precision).toEqual([1, 1]);
    expect([metrics.accuracy, metrics.subsetAccuracy]).toEqual([1 - 2 / 6, 1 / 3]);
  });

  it('has no accuracy without predictions', () =>
    expect(multiLabelMetrics([], { classNames })).toMatchObject({
      ...{ count: 0, accuracy: NaN, subsetAccuracy: NaN, loss: NaN },
      ...{ precision: [0, 0], macro: { f1: 0 }, weighted: { f1: 0 } },
    }));

  it.each<[object, string]>([
    [{}, 'Expected the label of predictions[0]'],
    [{ targets: [1, 0, 0] }, 'Expected targets to hold 6 values (3 images x 2 classes), got 3'],
    [{ targets: [1, 0, 0, 1, 2, 0] }, 'Expected targets of 0 and 1, got 2 at image 2'],
    [{ targets: [1, 0, 0, 0.5, 0, 0] }, 'Expected targets of 0 and 1, got 0.5 at image 1'],
    [{ targets: [1, 0, 0, NaN, 0, 0] }, 'Expected targets of 0 and 1, got NaN at image 1'],
    [{ targets: new Uint8Array(6), threshold: 1.5 }, 'Expected threshold'],
    [{ targets: new Uint8Array(6), classNames: ['a'] }, 'Expected predictions of 1 classes, got 2'],
  ])('refuses %j', (options, message) =>
    expect(() => multiLabelMetrics(predictionsOf(rows), { classNames, ...options })).toThrow(message),
  );
});

describe('scoresOf', () => {
  const input = tf.input({ shape: [4] });
  const dense = (units: number, activation?: 'sigmoid' | 'softmax') =>
    tf.layers.dense({ units, activation }).apply(input) as tf.SymbolicTensor;
  const join = (layer: tf.layers.Layer, ...tensors: tf.SymbolicTensor[]) =>
    layer.apply(tensors) as tf.SymbolicTensor;
  const { average, concatenate } = tf.layers;

  it.each<[string, boolean, tf.SymbolicTensor]>([
    ['three sigmoids', true, dense(3, 'sigmoid')],
    ['a sigmoid of each of two layers', true, join(concatenate(), dense(1, 'sigmoid'), dense(1, 'sigmoid'))],
    ['the average of sigmoids', true, join(average(), dense(3, 'sigmoid'), dense(3, 'sigmoid'))],
    ['one sigmoid', false, dense(1, 'sigmoid')],
    ['a softmax', false, dense(3, 'softmax')],
    ['the average of softmaxes', false, join(average(), dense(3, 'softmax'), dense(3, 'softmax'))],
    ['a softmax and a sigmoid', false, join(average(), dense(3, 'softmax'), dense(3, 'sigmoid'))],
    ['logits', false, dense(3)],
    ['a value', false, dense(1)],
  ])('says of %s whether they are labels of their own: %s', (_, isMultiLabel, outputs) =>
    expect(scoresOf(tf.model({ inputs: input, outputs }))).toMatchObject({ isMultiLabel }),
  );
});
