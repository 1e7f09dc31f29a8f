import { evaluateModel } from '@convlens/activations';
import { InputError, type BlobStore, type Evaluation, type ImageSet } from '@convlens/core';
import { names, writeJson, type RunSummary } from './run-folder.js';
import type { Subject } from './subject.js';

export interface EvaluateOptions {
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

/** How good a model is on labelled images, measured on the images as its metadata says they are to be read. */
export async function evaluateSubject(
  subject: Subject,
  images: ImageSet,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  expectSameClasses(subject, images);
  const { model, preprocessing } = subject;
  return evaluateModel(model, images, { preprocessing, ...options });
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
