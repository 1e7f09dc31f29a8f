import { InputError, type Evaluation, type ImageSet } from '@convlens/core';
import {
  evaluateInDetail,
  evaluateMultiLabel,
  evaluationFigures,
  expectFiniteLoss,
  saveEvaluation,
  type EvaluateInDetailOptions,
  type OpenModel,
} from '@convlens/pipeline';
import type { BlobStore } from '@convlens/storage';
import { readNumberFile } from '../data/number-file.js';
import { writeFigures } from '../figures/write-figures.js';
import type { Console } from '../terminal/console.js';
import { printEvaluation, printMultiLabelEvaluation } from './print-evaluation.js';

type EvaluateOptions = Pick<EvaluateInDetailOptions, 'testTimeAugmentation' | 'threshold'>;

interface EvaluationRequest extends EvaluateOptions {
  opened: OpenModel;
  /** The run folder, or a folder in its place. */
  store: BlobStore;
  images: ImageSet;
  /** The folder of the figures; without it none are written. */
  figures?: BlobStore;
}

/** Evaluates a model on test images, prints the result, and saves it in the folder `store`. */
export async function evaluate(
  { opened, store, images, figures, ...options }: EvaluationRequest,
  console: Console,
  signal: AbortSignal,
): Promise<Evaluation> {
  const result = await withBar(console, (onProgress) =>
    evaluateInDetail(opened, images, { ...options, signal, onProgress }),
  );
  printEvaluation(result, console);
  await saveEvaluation(store, opened.run?.summary, result.evaluation);
  if (figures) await writeFigures(evaluationFigures(result), { store: figures, console, signal });
  return result.evaluation;
}

/** Evaluates a multi-label classifier on images with the classes in the file of --targets, and prints the result. */
export async function evaluateTargets(
  {
    opened,
    images,
    figures,
    targets: path,
    ...options
  }: Omit<EvaluationRequest, 'store'> & { targets: string },
  console: Console,
  signal: AbortSignal,
): Promise<void> {
  const { values: targets, shape } = await readNumberFile(path, '--targets');
  if (shape.length !== 2 || shape[0] !== images.count)
    throw new InputError(
      `Expected --targets to hold a row for each of the ${images.count} images, images x classes, got ${shape.join(' x ')} in ${path}`,
    );
  const result = await withBar(console, (onProgress) =>
    evaluateMultiLabel(opened, images, { ...options, targets, signal, onProgress }),
  );
  printMultiLabelEvaluation(result, console);
  if (figures) await writeFigures(evaluationFigures(result), { store: figures, console, signal });
  expectFiniteLoss({ ...result.metrics, name: result.name });
}

/** Calls `work` with a function that moves a bar. */
async function withBar<T>(
  console: Console,
  work: (onProgress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const bar = console.bar('evaluating');
  return work((done, total) => bar.update(done, total)).finally(() => bar.stop());
}
