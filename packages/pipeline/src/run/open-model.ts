import { expectStore } from '@convlens/storage';
import type { OutputChoice } from '@convlens/activations';
import { expectOptions, InputError, type OptionNames } from '@convlens/core';
import { loadModel, type LoadedModel, type LoadModelOptions } from '@convlens/models';
import type { BlobStore } from '@convlens/storage';
import { epochDivergence } from '../divergence/epoch-divergence.js';
import { modelStore, readRun, RUN_FILES, type RunContents } from './run-folder.js';
import { savedEpoch } from './run-summary.js';

/** A loaded model with its preprocessing and class names. */
export interface OpenModel extends LoadedModel {
  /** The content of its run folder, if it comes from one. */
  readonly run?: RunContents;
  /** Of a model with several outputs: the one whose scores are read, by name or index. */
  readonly output?: OutputChoice;
}

const OPEN_MODEL_OPTIONS: OptionNames<LoadModelOptions> = { customLayers: true };

/**
 * Loads the model of a run folder or of a model folder. The caller disposes the model. The classes in the
 * option `customLayers` stay registered with TensorFlow.js.
 *
 * @throws InputError if the folder is neither, or the run has no finished epoch.
 */
export async function openModel(store: BlobStore, options: LoadModelOptions = {}): Promise<OpenModel> {
  expectOptions('openModel', options, OPEN_MODEL_OPTIONS);
  expectStore('store', store);
  if (await store.read(RUN_FILES.run)) {
    const run = await readRun(store);
    if (run.history.length === 0)
      throw new InputError(`Expected a run with a finished epoch, found none yet in ${store.location}`);
    const diverged = epochDivergence(savedEpoch(run.history));
    if (diverged !== undefined && !(await modelStore(store).read('model.json')))
      throw new InputError(
        `Expected a run with a model, found none in ${store.location}: its training diverged in each epoch (last: ${diverged}). ` +
          'Train with a lower learning rate',
      );
    return { ...(await loadModel(modelStore(store), options)), run };
  }
  if (await store.read('model.json')) return loadModel(store, options);
  throw new InputError(
    `Expected a run folder (${RUN_FILES.run}) or a model folder (model.json), found neither in ` +
      `${store.location}`,
  );
}
