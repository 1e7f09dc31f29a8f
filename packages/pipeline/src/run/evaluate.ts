import { expectOpenModel } from './expect-open-model.js';
import { evaluateModel } from '@convlens/activations';
import {
  expectRecord,
  expectFields,
  expectImageArray,
  expectOneOf,
  expectOptions,
  InputError,
  type Evaluation,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';
import { expectStore, writeJson, type BlobStore } from '@convlens/storage';
import type { OpenModel } from './open-model.js';
import type { EvaluationFile } from './evaluation-file.js';
import { RUN_FILES } from './run-folder.js';
import type { RunSummary } from './run-summary.js';
import {
  evaluateWithAugmentation,
  TEST_TIME_AUGMENTATIONS,
  type TestTimeAugmentation,
} from './test-time-augmentation.js';

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

const EVALUATE_OPTIONS: OptionNames<EvaluateOpenModelOptions> = {
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

/**
 * Evaluates a model on labeled images, with its own preprocessing. With test-time augmentation the name of
 * the evaluation says so.
 *
 * @throws InputError if the images have no labels, or other classes than the model.
 */
export async function evaluateOpenModel(
  opened: OpenModel,
  images: ImageSet,
  options: EvaluateOpenModelOptions = {},
): Promise<Evaluation> {
  expectOptions('evaluateOpenModel', options, EVALUATE_OPTIONS);
  expectOpenModel('opened', opened);
  expectImageArray('images', images);
  const { testTimeAugmentation, signal, onProgress } = options;
  expectSameClasses(opened, images);
  const { model, preprocessing, output } = opened;
  const readOptions = { preprocessing, output, signal, onProgress };
  if (testTimeAugmentation === undefined) return evaluateModel(model, images, readOptions);
  expectOneOf('testTimeAugmentation', testTimeAugmentation, TEST_TIME_AUGMENTATIONS);
  return evaluateWithAugmentation(model, images, { ...readOptions, testTimeAugmentation });
}

/**
 * Writes the evaluation of a run on the test images to evaluation.json; does nothing without a summary. Training does not
 * write this file, so that a run may be evaluated while it trains.
 *
 * @param store the run folder, or a folder in its place
 */
export async function saveEvaluation(
  store: BlobStore,
  summary: RunSummary | undefined,
  test: Evaluation,
): Promise<void> {
  expectStore('store', store);
  if (summary !== undefined) expectFields('RunSummary', 'summary', summary, { best: 'object' });
  expectRecord('Evaluation', 'test', test);
  if (!summary) return;
  const { classNames, counts } = test.confusion;
  const size = classNames.length;
  const confusion = classNames.map((_, label) => [...counts.subarray(label * size, (label + 1) * size)]);
  const file: EvaluationFile = { epoch: summary.best.epoch, test: { ...test, confusion } };
  await writeJson(store, RUN_FILES.evaluation, file);
}
