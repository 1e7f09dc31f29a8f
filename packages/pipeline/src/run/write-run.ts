import { expectRecords, expectModel, expectObject, InputError, type EpochRecord } from '@convlens/core';
import { saveModel, type ModelMetadata } from '@convlens/models';
import { expectStore, writeJson, type BlobStore } from '@convlens/storage';
import type * as tf from '@tensorflow/tfjs';
import type { EvaluationFile, SavedEvaluation } from '../evaluation/evaluation-file.js';
import { modelStore, RUN_FILES, writeHistory, type RunDescription } from './run-folder.js';
import { recordedDescription } from '../recorded/recorded-settings.js';
import { summarizeRun } from './run-summary.js';

/** A finished run, wherever it was trained. */
export interface FinishedRun extends ModelMetadata {
  readonly description: RunDescription;
  /** At least one record. */
  readonly history: readonly EpochRecord[];
  readonly test?: SavedEvaluation;
  readonly model: tf.LayersModel;
}

/**
 * Writes the run folder of a run that was trained elsewhere, so that it can be explained and reported. It has
 * no checkpoints and cannot be resumed. The caller disposes the model.
 *
 * @throws InputError if the folder already holds a run.
 */
export async function writeRun(store: BlobStore, run: FinishedRun): Promise<void> {
  expectStore('store', store);
  expectObject('run', run);
  expectObject('run.description', run.description);
  expectModel('run.model', run.model);
  expectRecords('EpochRecord', 'run.history', run.history);
  const { description, history, test, model, preprocessing, classNames } = run;
  if (await store.read(RUN_FILES.run))
    throw new InputError(`Expected an empty run folder, found a run in ${store.location}: choose another`);
  const recorded = recordedDescription(description);
  const summary = summarizeRun(model, { settings: recorded.settings, classNames, history });
  await saveModel(model, modelStore(store), { preprocessing, classNames });
  await writeHistory(store, history);
  await writeJson(store, RUN_FILES.summary, summary);
  if (test) {
    const evaluation: EvaluationFile = { epoch: summary.best.epoch, test };
    await writeJson(store, RUN_FILES.evaluation, evaluation);
  }
  await writeJson(store, RUN_FILES.run, recorded);
}
