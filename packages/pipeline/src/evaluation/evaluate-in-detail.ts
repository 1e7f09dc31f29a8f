import { confusionMatrix, observeEvaluation, observePredictions, scoresOf } from '@convlens/activations';
import {
  expectNumber,
  expectOptions,
  InputError,
  type Evaluation,
  type ImageSet,
  type OptionNames,
  type Prediction,
} from '@convlens/core';
import type { OpenModel } from '../run/open-model.js';
import { classRecords, type ClassRecords } from './class-records.js';
import { EVALUATE_OPTIONS, expectLabeledImages, type EvaluateOpenModelOptions } from './evaluate.js';
import { evaluationName, observeOpenModel } from './observe-open-model.js';

export interface EvaluateInDetailOptions extends EvaluateOpenModelOptions {
  /**
   * The probability from which on the second of two classes is predicted, or each class of a multi-label classifier, 0 to 1.
   * Default: the class with the highest probability is predicted, and 0.5 of a multi-label classifier.
   */
  readonly threshold?: number;
}

const EVALUATE_IN_DETAIL_OPTIONS: OptionNames<EvaluateInDetailOptions> = {
  ...EVALUATE_OPTIONS,
  threshold: true,
};

/** An evaluation with the metrics and curves of each class. */
export interface DetailedEvaluation extends ClassRecords {
  readonly evaluation: Evaluation;
  readonly predictions: readonly Prediction[];
  /** As the option. */
  readonly threshold?: number;
}

/** Throws an InputError if a model predicts the class with the highest probability, whatever that is. */
function expectThresholdApplies({ model, output }: OpenModel, threshold: number): void {
  expectNumber('threshold', threshold, { min: 0, max: 1 });
  const { classCount, isMultiLabel, reason } = scoresOf(model, { output });
  if (classCount !== 2 && !isMultiLabel)
    throw new InputError(
      `Expected no threshold for a model of ${classCount} classes (${reason}): the class with the highest probability is ` +
        'predicted. A threshold applies to two classes, or to sigmoids of several',
    );
}

/** The evaluation with the second of two classes predicted from a threshold on. */
function withThreshold(
  evaluation: Evaluation,
  predictions: readonly Prediction[],
  threshold: number,
): Evaluation {
  const { classNames } = evaluation.confusion;
  const confusion = confusionMatrix(predictions, { classNames, threshold });
  const [correctFirst, , , correctSecond] = confusion.counts;
  const accuracy = (correctFirst + correctSecond) / evaluation.count;
  return { ...evaluation, name: `${evaluation.name}, threshold ${threshold}`, accuracy, confusion };
}

/**
 * Evaluates a model as `evaluateOpenModel`, with the metrics and curves of each class, and at a threshold if one is given.
 *
 * @throws InputError if the images have no labels, or other classes than the model, or a threshold does not apply; DivergedError if
 * an output of a layer is not finite.
 */
export async function evaluateInDetail(
  opened: OpenModel,
  images: ImageSet,
  options: EvaluateInDetailOptions = {},
): Promise<DetailedEvaluation> {
  expectOptions('evaluateInDetail', options, EVALUATE_IN_DETAIL_OPTIONS);
  expectLabeledImages(opened, images);
  const { threshold, testTimeAugmentation } = options;
  if (threshold !== undefined) expectThresholdApplies(opened, threshold);
  const observers = [observeEvaluation(), observePredictions()] as const;
  const [observed, predictions] = await observeOpenModel(opened, images, observers, options);
  const named = { ...observed, name: evaluationName(images.name, testTimeAugmentation) };
  const isBinary = !scoresOf(opened.model, { output: opened.output }).isMultiLabel;
  const evaluation =
    threshold === undefined || !isBinary ? named : withThreshold(named, predictions, threshold);
  const records = classRecords(opened, { evaluation, predictions, threshold });
  return { evaluation, predictions, ...(threshold !== undefined && { threshold }), ...records };
}
