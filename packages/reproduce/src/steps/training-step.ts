import type { ImageSet } from '@convlens/core';
import { expectConverged, removeOldCheckpoints, trainRun } from '@convlens/pipeline';
import type { PlannedModel } from '../plan.js';
import type { ReproduceOptions } from '../reproduce-options.js';
import { readSummary } from './step-context.js';

/** Trains the model of a plan, or resumes its training; nothing if it is finished. Throws a DivergedError if it diverges. */
export async function trainingStep(
  planned: PlannedModel,
  train: ImageSet,
  options: ReproduceOptions,
): Promise<void> {
  const { model, settings, store, isStarted, remainingEpochs } = planned;
  if (remainingEpochs === 0) {
    await removeOldCheckpoints(store);
    return expectConverged(await readSummary(store), settings);
  }
  const { backend, versions, datasets, signal, onStep, onWarning, onTraining } = options;
  onStep?.(model.recipe, 'training');
  const description = { settings, backend, versions };
  const summary = await trainRun(description, {
    store,
    images: train,
    ...(datasets && { datasets }),
    resume: isStarted,
    signal,
    onWarning,
    onProgress: (progress) => onTraining?.(planned, progress),
  });
  expectConverged(summary, settings);
}
