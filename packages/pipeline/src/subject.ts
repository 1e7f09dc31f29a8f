import { InputError } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import { loadModel, type LoadedModel, type LoadModelOptions } from '@convlens/models';
import { modelStore, names, readRun } from './run-folder.js';

export interface Subject extends LoadedModel {
  /** What the run folder says, if it is one. */
  readonly run?: Awaited<ReturnType<typeof readRun>>;
}

/**
 * Loads the model of a run folder, or of a folder with a saved model. The caller disposes the model. Layers of the caller's
 * own (`customLayers`) stay known afterwards.
 */
export async function openSubject(store: BlobStore, options: LoadModelOptions = {}): Promise<Subject> {
  if (await store.read(names.run)) {
    const run = await readRun(store);
    if (run.history.length === 0)
      throw new InputError(`Expected a run with a finished epoch, found none yet in ${store.location}`);
    return { ...(await loadModel(modelStore(store), options)), run };
  }
  if (await store.read('model.json')) return loadModel(store, options);
  throw new InputError(
    `Expected a run folder (${names.run}) or a model folder (model.json), found neither in ${store.location}`,
  );
}
