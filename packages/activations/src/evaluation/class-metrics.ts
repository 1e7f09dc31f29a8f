import {
  expectFields,
  expectInteger,
  expectNumber,
  expectOptions,
  InputError,
  type ClassMetrics,
  type ConfusionMatrix,
  type MetricsAverage,
  type OptionNames,
  type Prediction,
} from '@convlens/core';
import { expectLabeledPredictions } from './class-targets.js';
import { ratio, sum } from './ratios.js';

/**
 * Precision, recall and F1 score of each class, their macro and weighted means, accuracy and balanced accuracy. A quotient
 * by 0 is 0, as in scikit-learn.
 *
 * @param confusion the confusion matrix of an `Evaluation`
 */
export function classMetrics(confusion: ConfusionMatrix): ClassMetrics {
  expectFields('ConfusionMatrix', 'confusion', confusion, { classNames: 'list', counts: 'numbers' });
  const { classNames, counts } = confusion;
  const classes = [...classNames.keys()];
  const countOf = (label: number, predicted: number) => counts[label * classes.length + predicted];
  const support = classes.map((label) => sum(classes.map((predicted) => countOf(label, predicted))));
  const predictedCounts = classes.map((predicted) => sum(classes.map((label) => countOf(label, predicted))));
  const correct = classes.map((label) => countOf(label, label));
  const precision = classes.map((c) => ratio(correct[c], predictedCounts[c]));
  const recall = classes.map((c) => ratio(correct[c], support[c]));
  const f1 = classes.map((c) => ratio(2 * correct[c], predictedCounts[c] + support[c]));
  const mean = (weights: readonly number[]): MetricsAverage => {
    const of = (values: readonly number[]) =>
      sum(values.map((value, c) => value * weights[c])) / sum(weights);
    return { precision: of(precision), recall: of(recall), f1: of(f1) };
  };
  const withImages = classes.filter((c) => support[c] > 0);
  return {
    classNames,
    precision,
    recall,
    f1,
    support,
    macro: mean(classes.map(() => 1)),
    weighted: mean(support),
    accuracy: sum(correct) / sum(support),
    balancedAccuracy: sum(withImages.map((c) => recall[c])) / withImages.length,
  };
}

export interface TopKAccuracyOptions {
  /** The number of classes with the highest probabilities that count; default 5, an integer >= 1. */
  k?: number;
}

const TOP_K_ACCURACY_OPTIONS: OptionNames<TopKAccuracyOptions> = { k: true };

/**
 * The fraction of images whose label is among the `k` classes with the highest probabilities; of equal ones the lower class
 * comes first, as in `predicted`, so that it is the accuracy for k = 1. NaN of no images.
 */
export function topKAccuracy(predictions: readonly Prediction[], options: TopKAccuracyOptions = {}): number {
  expectOptions('topKAccuracy', options, TOP_K_ACCURACY_OPTIONS);
  const { k = 5 } = options;
  expectInteger('k', k, { min: 1 });
  expectLabeledPredictions(predictions);
  const isAmong = ({ label, probabilities }: Prediction) => {
    const probability = probabilities[label!];
    const ahead = probabilities.filter(
      (other, c) => other > probability || (other === probability && c < label!),
    );
    return ahead.length < k;
  };
  return predictions.filter(isAmong).length / predictions.length;
}

export interface ConfusionMatrixOptions {
  /** In the order of the labels. */
  classNames: readonly string[];
  /** For two classes: the probability of the second from which on it is predicted, 0 to 1; default: the higher one counts. */
  threshold?: number;
}

const CONFUSION_MATRIX_OPTIONS: OptionNames<ConfusionMatrixOptions> = { classNames: true, threshold: true };

/** The confusion matrix of predictions, for two classes also at another threshold. */
export function confusionMatrix(
  predictions: readonly Prediction[],
  options: ConfusionMatrixOptions,
): ConfusionMatrix {
  expectOptions('confusionMatrix', options, CONFUSION_MATRIX_OPTIONS);
  expectFields('ConfusionMatrixOptions', 'the options of confusionMatrix', options, { classNames: 'list' });
  const { classNames, threshold } = options;
  expectLabeledPredictions(predictions, classNames);
  if (threshold !== undefined) {
    expectNumber('threshold', threshold, { min: 0, max: 1 });
    if (classNames.length !== 2)
      throw new InputError(`Expected two classes for a threshold, got ${classNames.length}`);
  }
  const counts = new Uint32Array(classNames.length ** 2);
  for (const { label, predicted, probabilities } of predictions) {
    const result = threshold === undefined ? predicted : Number(probabilities[1] >= threshold);
    counts[label! * classNames.length + result]++;
  }
  return { classNames, counts };
}
