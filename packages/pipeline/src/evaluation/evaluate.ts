import { observeEvaluation } from '@convlens/activations';
import {
  expectImageArray,
  expectOptions,
  InputError,
  type Evaluation,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';
import { expectOpenModel } from '../run/expect-open-model.js';
import type { OpenModel } from '../run/open-model.js';
import { evaluationName, observeOpenModel } from './observe-open-model.js';
import type { TestTimeAugmentation } from './test-time-augmentation.js';

export interface EvaluateOpenModelOptions {
  /**
   * Averages the predictions over transformed copies of each image: 'flips' is the image and its horizontal
   * flip (twice the time), 'flips-and-shifts' also both shifted by one pixel (six times). Default: none.
   */
  readonly testTimeAugmentation?: TestTimeAugmentation;
  readonly signal?: AbortSignal;
  /**
   * Called after each batch with the number of images evaluated and their total; every transformed copy
   * counts.
   */
  readonly onProgress?: (done: number, total: number) => void;
}

export const EVALUATE_OPTIONS: OptionNames<EvaluateOpenModelOptions> = {
  testTimeAugmentation: true,
  signal: true,
  onProgress: true,
};

/** Throws an InputError if the classes of the images are not those of the model. */
export function expectSameClasses({ classNames }: OpenModel, images: ImageSet): void {
  if (classNames && classNames.join('\n') !== images.classNames.join('\n'))
    throw new InputError(
      `Expected images of ${classNames.join(', ')}, as the model was trained on, got ` +
        `${images.classNames.join(', ')}`,
    );
}

/** Throws an InputError if images cannot be evaluated: they have no labels, or other classes than the model. */
export function expectLabeledImages(opened: OpenModel, images: ImageSet): void {
  expectOpenModel('opened', opened);
  expectImageArray('images', images);
  expectSameClasses(opened, images);
  if (!images.labels) throw new InputError(`Expected images with labels, got ${images.name} without any`);
}

/**
 * Evaluates a model on labeled images, with its own preprocessing. With test-time augmentation the name of
 * the evaluation says so.
 *
 * @throws InputError if the images have no labels, or other classes than the model; DivergedError if an output of a
 * layer is not finite.
 */
export async function evaluateOpenModel(
  opened: OpenModel,
  images: ImageSet,
  options: EvaluateOpenModelOptions = {},
): Promise<Evaluation> {
  expectOptions('evaluateOpenModel', options, EVALUATE_OPTIONS);
  expectLabeledImages(opened, images);
  const [evaluation] = await observeOpenModel(opened, images, [observeEvaluation()], options);
  return { ...evaluation, name: evaluationName(images.name, options.testTimeAugmentation) };
}
