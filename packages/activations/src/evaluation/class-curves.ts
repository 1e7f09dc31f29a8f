import {
  expectFields,
  expectOptions,
  type ClassCurves,
  type OptionNames,
  type Prediction,
} from '@convlens/core';
import { classTargets, type ClassTargets } from './class-targets.js';

export interface ClassCurvesOptions {
  /** In the order of the labels. */
  classNames: readonly string[];
  /**
   * For a multi-label classifier: whether each image is of each class, images x classes of 0 and 1, row-major. Default: each image
   * is of its label alone.
   */
  targets?: ArrayLike<number>;
}

const CLASS_CURVES_OPTIONS: OptionNames<ClassCurvesOptions> = { classNames: true, targets: true };

/**
 * The receiver operating characteristic and the precision-recall curve of each class against all others, with a point at
 * each probability that occurs. For two classes those of the second are the curves of a binary classifier.
 */
export function classCurves(predictions: readonly Prediction[], options: ClassCurvesOptions): ClassCurves[] {
  expectOptions('classCurves', options, CLASS_CURVES_OPTIONS);
  expectFields('ClassCurvesOptions', 'the options of classCurves', options, { classNames: 'list' });
  const { classNames } = options;
  const isOfClass = classTargets(predictions, options);
  return classNames.map((className, c) => ({ className, ...curvesOfClass(predictions, c, isOfClass) }));
}

/** The images that are predicted as the class from a threshold on. */
interface Counts {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** The counts at Infinity and at each probability of the class that occurs, descending. */
function countsByThreshold(predictions: readonly Prediction[], c: number, isOfClass: ClassTargets): Counts[] {
  const sorted = predictions
    .map(({ probabilities }, i) => ({ isClass: isOfClass(i, c), probability: probabilities[c] }))
    .sort((a, b) => b.probability - a.probability);
  const points: Counts[] = [{ threshold: Infinity, truePositives: 0, falsePositives: 0 }];
  let [truePositives, falsePositives] = [0, 0];
  sorted.forEach(({ isClass, probability }, i) => {
    if (isClass) truePositives++;
    else falsePositives++;
    // Images of equal probability are one point.
    if (sorted[i + 1]?.probability !== probability)
      points.push({ threshold: probability, truePositives, falsePositives });
  });
  return points;
}

function curvesOfClass(
  predictions: readonly Prediction[],
  c: number,
  isOfClass: ClassTargets,
): Omit<ClassCurves, 'className'> {
  const points = countsByThreshold(predictions, c, isOfClass);
  const { truePositives: positives, falsePositives: negatives } = points.at(-1)!;
  const truePositiveRates = points.map(({ truePositives }) => truePositives / positives);
  const falsePositiveRates = points.map(({ falsePositives }) => falsePositives / negatives);
  const precisions = points.map(({ truePositives, falsePositives }) =>
    truePositives + falsePositives === 0 ? 1 : truePositives / (truePositives + falsePositives),
  );
  let [auc, averagePrecision] = [0, 0];
  for (let i = 1; i < points.length; i++) {
    const meanRate = (truePositiveRates[i] + truePositiveRates[i - 1]) / 2;
    auc += (falsePositiveRates[i] - falsePositiveRates[i - 1]) * meanRate;
    averagePrecision += (truePositiveRates[i] - truePositiveRates[i - 1]) * precisions[i];
  }
  const isDefined = positives > 0 && negatives > 0;
  return {
    thresholds: points.map(({ threshold }) => threshold),
    falsePositiveRates,
    truePositiveRates,
    precisions,
    auc: isDefined ? auc : NaN,
    averagePrecision: positives > 0 ? averagePrecision : NaN,
  };
}
