import { classCurves, classMetrics, multiLabelMetrics, scoresOf, topKAccuracy } from '@convlens/activations';
import type { ClassCurves, ClassMetrics, Evaluation, MultiLabelMetrics, Prediction } from '@convlens/core';
import type { OpenModel } from '../run/open-model.js';

/** Of fewer classes five are most of them. */
const MIN_TOP_FIVE_CLASSES = 10;

/** How well a model recognizes each class. */
export interface ClassRecords {
  /** Of the evaluation. */
  readonly classMetrics: ClassMetrics;
  /** Of each class against all others. */
  readonly classCurves: readonly ClassCurves[];
  /** The fraction of images whose label is among the five most probable classes; undefined of fewer than ten classes. */
  readonly topFiveAccuracy?: number;
  /** Of a multi-label classifier, whose classes have probabilities of their own: each image is of its label alone. */
  readonly multiLabelMetrics?: MultiLabelMetrics;
}

/** The records of each class from an evaluation and its predictions, which have labels. */
export function classRecords(
  { model, output }: OpenModel,
  {
    evaluation,
    predictions,
    threshold,
  }: {
    evaluation: Evaluation;
    predictions: readonly Prediction[];
    /** For a multi-label classifier. */
    threshold?: number;
  },
): ClassRecords {
  const { classNames } = evaluation.confusion;
  const hasManyClasses = classNames.length >= MIN_TOP_FIVE_CLASSES;
  return {
    classMetrics: classMetrics(evaluation.confusion),
    classCurves: classCurves(predictions, { classNames }),
    ...(hasManyClasses && { topFiveAccuracy: topKAccuracy(predictions) }),
    ...(scoresOf(model, { output }).isMultiLabel && {
      multiLabelMetrics: multiLabelMetrics(predictions, { classNames, threshold }),
    }),
  };
}
