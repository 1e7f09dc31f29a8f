import {
  expectFields,
  expectNumber,
  expectOptions,
  type MetricsAverage,
  type MultiLabelMetrics,
  type OptionNames,
  type Prediction,
} from '@convlens/core';
import { classTargets } from './class-targets.js';
import { MIN_PROBABILITY } from './evaluate-model.js';
import { ratio, sum } from './ratios.js';

export interface MultiLabelMetricsOptions {
  /** In the order of the outputs. */
  classNames: readonly string[];
  /** Whether each image is of each class: images x classes of 0 and 1, row-major. Default: each image is of its label alone. */
  targets?: ArrayLike<number>;
  /** The probability from which on a class is predicted, 0 to 1; default 0.5. */
  threshold?: number;
}

const MULTI_LABEL_METRICS_OPTIONS: OptionNames<MultiLabelMetricsOptions> = {
  classNames: true,
  targets: true,
  threshold: true,
};

/** The numbers of images of one class, or of several together. */
interface Counts {
  readonly truePositives: number;
  readonly predicted: number;
  readonly support: number;
}

const scoresOfCounts = ({ truePositives, predicted, support }: Counts): MetricsAverage => ({
  precision: ratio(truePositives, predicted),
  recall: ratio(truePositives, support),
  f1: ratio(2 * truePositives, predicted + support),
});

/** The means of the scores of classes; 0 if all weights are 0. */
function meanScores(scores: readonly MetricsAverage[], weights: readonly number[]): MetricsAverage {
  const meanOf = (name: keyof MetricsAverage) =>
    ratio(sum(scores.map((score, c) => score[name] * weights[c])), sum(weights));
  return { precision: meanOf('precision'), recall: meanOf('recall'), f1: meanOf('f1') };
}

const crossEntropy = (probability: number, isOfClass: boolean) =>
  -Math.log(Math.max(MIN_PROBABILITY, isOfClass ? probability : 1 - probability));

/**
 * Precision, recall and F1 score of each class of a multi-label classifier, whose classes have probabilities of their own, their
 * macro, micro and weighted means, and accuracies. A quotient by 0 is 0, as in scikit-learn.
 *
 * @throws InputError if the targets do not fit the predictions, or there are neither targets nor labels.
 */
export function multiLabelMetrics(
  predictions: readonly Prediction[],
  options: MultiLabelMetricsOptions,
): MultiLabelMetrics {
  expectOptions('multiLabelMetrics', options, MULTI_LABEL_METRICS_OPTIONS);
  expectFields('MultiLabelMetricsOptions', 'the options of multiLabelMetrics', options, {
    classNames: 'list',
  });
  const { classNames, threshold = 0.5 } = options;
  expectNumber('threshold', threshold, { min: 0, max: 1 });
  const isOfClass = classTargets(predictions, options);
  const isPredicted = (i: number, c: number) => predictions[i].probabilities[c] >= threshold;
  const [images, classes] = [[...predictions.keys()], [...classNames.keys()]];
  const counts = classes.map((c): Counts => ({
    truePositives: images.filter((i) => isPredicted(i, c) && isOfClass(i, c)).length,
    predicted: images.filter((i) => isPredicted(i, c)).length,
    support: images.filter((i) => isOfClass(i, c)).length,
  }));
  const totalOf = (name: keyof Counts) => sum(counts.map((count) => count[name]));
  const [truePositives, predicted] = [totalOf('truePositives'), totalOf('predicted')];
  const scores = counts.map(scoresOfCounts);
  const support = counts.map((count) => count.support);
  const decisions = images.length * classes.length;
  const wrong = predicted + sum(support) - 2 * truePositives;
  const losses = images.map((i) =>
    sum(classes.map((c) => crossEntropy(predictions[i].probabilities[c], isOfClass(i, c)))),
  );
  const isCorrect = (i: number) => classes.every((c) => isPredicted(i, c) === isOfClass(i, c));
  return {
    ...{ classNames, threshold, count: images.length, support },
    precision: scores.map(({ precision }) => precision),
    recall: scores.map(({ recall }) => recall),
    f1: scores.map(({ f1 }) => f1),
    macro: meanScores(scores, classes.map(() => 1)), // prettier-ignore
    micro: scoresOfCounts({ truePositives, predicted, support: sum(support) }),
    weighted: meanScores(scores, support),
    accuracy: 1 - wrong / decisions,
    subsetAccuracy: images.filter(isCorrect).length / images.length,
    loss: sum(losses) / decisions,
  };
}
