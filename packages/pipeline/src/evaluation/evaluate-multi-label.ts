import { classCurves, multiLabelMetrics, observePredictions, scoresOf } from '@convlens/activations';
import {
  defaultClassNames,
  expectImageArray,
  expectNumbers,
  expectOptions,
  InputError,
  type ClassCurves,
  type ImageSet,
  type MultiLabelMetrics,
  type OptionNames,
} from '@convlens/core';
import { expectOpenModel } from '../run/expect-open-model.js';
import type { OpenModel } from '../run/open-model.js';
import { EVALUATE_OPTIONS, type EvaluateOpenModelOptions } from './evaluate.js';
import { evaluationName, observeOpenModel } from './observe-open-model.js';

export interface EvaluateMultiLabelOptions extends EvaluateOpenModelOptions {
  /** Whether each image is of each class: images x classes of 0 and 1, row-major. */
  readonly targets: ArrayLike<number>;
  /** The probability from which on a class is predicted, 0 to 1; default 0.5. */
  readonly threshold?: number;
}

const EVALUATE_MULTI_LABEL_OPTIONS: OptionNames<EvaluateMultiLabelOptions> = {
  ...EVALUATE_OPTIONS,
  targets: true,
  threshold: true,
};

/** The quality of a multi-label classifier on images. */
export interface MultiLabelEvaluation {
  /** The name of the images. */
  readonly name: string;
  readonly metrics: MultiLabelMetrics;
  /** Of each class against the images without it. */
  readonly curves: readonly ClassCurves[];
}

/**
 * Evaluates a multi-label classifier, whose output is one sigmoid per class, on images that may be of several classes or of none.
 * Labels of the images are not read.
 *
 * @throws InputError if the model is another one, or the targets do not fit; DivergedError if an output of a layer is not finite.
 */
export async function evaluateMultiLabel(
  opened: OpenModel,
  images: ImageSet,
  options: EvaluateMultiLabelOptions,
): Promise<MultiLabelEvaluation> {
  expectOptions('evaluateMultiLabel', options, EVALUATE_MULTI_LABEL_OPTIONS);
  expectOpenModel('opened', opened);
  expectImageArray('images', images);
  const { targets, threshold, testTimeAugmentation } = options ?? {};
  expectNumbers('targets', targets);
  const { isMultiLabel, units, reason } = scoresOf(opened.model, { output: opened.output });
  if (!isMultiLabel)
    throw new InputError(
      `Expected a model with one sigmoid for each of several classes, to compare with targets, got ${reason}: an image has one ` +
        'class, its label',
    );
  if (targets.length !== images.count * units)
    throw new InputError(
      `Expected targets of ${images.count} images x ${units} classes, got ${targets.length} values`,
    );
  const classNames = opened.classNames ?? defaultClassNames(units);
  const observers = [observePredictions()] as const;
  const [predictions] = await observeOpenModel(opened, images, observers, options);
  return {
    name: evaluationName(images.name, testTimeAugmentation),
    metrics: multiLabelMetrics(predictions, { classNames, targets, threshold }),
    curves: classCurves(predictions, { classNames, targets }),
  };
}
