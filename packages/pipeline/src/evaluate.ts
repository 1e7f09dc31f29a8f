import { evaluateModel, observe, predictions } from '@convlens/activations';
import { InputError, type BlobStore, type Evaluation, type ImageSet } from '@convlens/core';
import { mirrored, observeFlipAverage } from './flip-average.js';
import { names, writeJson, type RunSummary } from './run-folder.js';
import type { Subject } from './subject.js';

export interface EvaluateOptions {
  /**
   * Let each image be seen twice, as it is and mirrored left and right, and measure the mean of the two probabilities: a
   * little better where left and right mean nothing, in twice the time. Default false.
   */
  flipAverage?: boolean;
  signal?: AbortSignal;
  /** Told after each batch how many images are done. */
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
 * flips has a name that says so.
 */
export async function evaluateSubject(
  subject: Subject,
  images: ImageSet,
  { flipAverage = false, onProgress, ...options }: EvaluateOptions = {},
): Promise<Evaluation> {
  expectSameClasses(subject, images);
  const { model, preprocessing } = subject;
  if (!flipAverage) return evaluateModel(model, images, { preprocessing, onProgress, ...options });
  const pass = (number: number) =>
    onProgress && ((done: number, total: number) => onProgress(number * total + done, 2 * total));
  const reading = { preprocessing, ...options };
  const ofMirrored = await predictions(model, mirrored(images), { ...reading, onProgress: pass(0) });
  const observers = [observeFlipAverage(ofMirrored)];
  const [evaluation] = await observe(model, images, { ...reading, onProgress: pass(1), observers });
  return { ...evaluation, name: `${evaluation.name}, average over flips` };
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
