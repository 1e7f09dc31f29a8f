import { InputError, type EpochRecord } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import { saveModel, type ModelMetadata } from '@convlens/models';
import type * as tf from '@tensorflow/tfjs';
import {
  historyTable,
  modelStore,
  names,
  writeJson,
  type RunDescription,
  type RunSummary,
} from './run-folder.js';
import { bestOf } from './train.js';

/** A run that is over, wherever it was trained. */
export interface FinishedRun extends ModelMetadata {
  readonly description: RunDescription;
  readonly history: readonly EpochRecord[];
  readonly test?: RunSummary['test'];
  readonly model: tf.LayersModel;
}

/**
 * Writes the folder of a run that was trained elsewhere, so that it is looked at as any other; without checkpoints it does
 * not go on. The model stays the caller's. Throws an InputError if there is a run already.
 */
export async function writeRun(store: BlobStore, run: FinishedRun): Promise<void> {
  const { description, history, test, model, preprocessing, classNames } = run;
  if (await store.read(names.run))
    throw new InputError(`Expected an empty run folder, found a run in ${store.location}: choose another`);
  const summary: RunSummary = {
    model: description.settings.model,
    parameters: model.countParams(),
    classNames,
    epochs: history.length,
    epochsAsked: description.settings.epochs,
    best: bestOf(history),
    seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
    ...(test && { test }),
  };
  await saveModel(model, modelStore(store), { preprocessing, classNames });
  await writeJson(store, names.history, history);
  await store.write(names.historyTable, new TextEncoder().encode(historyTable(history)));
  await writeJson(store, names.summary, summary);
  await writeJson(store, names.run, description);
}
