import { evaluateModel } from '@convlens/activations';
import { InputError, expectOneOf, type Evaluation, type ImageSet } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import { names, writeJson, type RunSummary } from './run-folder.js';
import type { Subject } from './subject.js';
import { evaluateViews, testTimeViews, type TestTimeViews } from './test-time-views.js';

export interface EvaluateOptions {
  /**
   * Measure the mean of what the model says of several views of each image: 'flips' are the image and its mirror image,
   * 'flips-and-shifts' these moved by a pixel as well. A little better where neither means anything, in twice the time or
   * six times.
   */
  average?: TestTimeViews;
  signal?: AbortSignal;
  /** Told after each batch how many images are done, of those that there are: every view of an image counts. */
  onProgress?: (done: number, total: number) => void;
}

/** Throws an InputError if the images are not of the classes that a model was trained on. */
export function expectSameClasses({ classNames }: Subject, images: ImageSet): void {
  if (classNames && classNames.join('\n') !== images.classNames.join('\n'))
    throw new InputError(
      `Expected images of ${classNames.join(', ')}, as the model was trained on, got ${images.classNames.join(', ')}`,
    );
}

/**
 * How good a model is on labelled images, measured on the images as its metadata says they are to be read. An average over
 * views has a name that says so.
 */
export async function evaluateSubject(
  subject: Subject,
  images: ImageSet,
  { average, ...options }: EvaluateOptions = {},
): Promise<Evaluation> {
  expectSameClasses(subject, images);
  const { model, preprocessing } = subject;
  if (average === undefined) return evaluateModel(model, images, { preprocessing, ...options });
  const views = expectOneOf('average', average, testTimeViews);
  return evaluateViews(model, images, { preprocessing, views, ...options });
}

/** Adds an evaluation on the test images to the summary of a run; an interrupted run has none to add to. */
export async function keepEvaluation(
  store: BlobStore,
  summary: RunSummary | undefined,
  test: Evaluation,
): Promise<void> {
  if (!summary) return;
  const size = test.confusion.classNames.length;
  const confusion = Array.from({ length: size }, (_, row) => [
    ...test.confusion.counts.subarray(row * size, (row + 1) * size),
  ]);
  await writeJson(store, names.summary, { ...summary, test: { ...test, confusion } });
}
