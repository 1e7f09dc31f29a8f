import { InputError, type ImageSet } from '@convlens/core';
import { registerKerasLayers } from '@convlens/model-import';
import type { LayerClass } from '@convlens/models';
import { openModel, readRun, RUN_FILES, type OpenModel } from '@convlens/pipeline';
import { memoryStore, type BlobStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { chooseBackend } from '../backend/choose-backend.js';
import { resolveDataDir } from '../data/data-dir.js';
import { openDataset } from '../data/open-dataset.js';
import type { Console } from '../terminal/console.js';
import { isKerasFile, openKerasModel } from './keras-file.js';
import { isModelModule, loadModelModule } from './model-module.js';
import { isPretrainedSource, openPretrainedRun } from './pretrained-source.js';

export interface ModelFlags {
  data?: string;
  dataDir?: string;
  backend: string;
  json?: boolean;
}

/** What the callback of `withModel` receives. */
export interface ModelContext {
  opened: OpenModel;
  store: BlobStore;
  /** Loads the test images of --data, by default those of the data set that the model was trained on. */
  loadTestImages(): Promise<ImageSet>;
}

/** Help text of the argument <model>. */
export const MODEL_SOURCE =
  'a run folder, a model folder, a Keras file (.keras, .h5) or pretrained:NAME (see convlens list pretrained)';

/** Opens the run folder that a command names; the run of a pretrained model is in memory. */
export const openRunStore = async (source: string): Promise<BlobStore> =>
  isPretrainedSource(source) ? openPretrainedRun(source) : folderStore(source);

/** Opens the model that a command names, calls `callback` with it, and disposes the model. */
export async function withModel<T>(
  source: string,
  { flags, console, signal }: { flags: ModelFlags; console: Console; signal: AbortSignal },
  callback: (context: ModelContext) => Promise<T>,
): Promise<T> {
  await chooseBackend(flags.backend);
  // Nothing is saved beside a Keras file.
  const store = isKerasFile(source) ? memoryStore() : await openRunStore(source);
  // A model folder may contain imported layers.
  registerKerasLayers();
  const opened: OpenModel = isKerasFile(source)
    ? await openKerasModel(source)
    : await openModel(store, { customLayers: await loadCustomLayers(store, console) });
  const loadTestImages = async () => {
    const description = opened.run?.description;
    const data = flags.data ?? description?.settings.data;
    if (!data)
      throw new InputError(
        'Expected --data, the data set to evaluate or explain the model on (see convlens list data)',
      );
    const dataDir = resolveDataDir(flags.dataDir, description);
    return openDataset({ data, dataDir, split: 'test' }, console, signal);
  };
  try {
    return await callback({ opened, store, loadTestImages });
  } finally {
    opened.model.dispose();
  }
}

/**
 * Loads the custom layers of the module that a run was trained with. If the module cannot be loaded, a warning is printed:
 * the model may load without them.
 */
export async function loadCustomLayers(store: BlobStore, console: Console): Promise<readonly LayerClass[]> {
  if (!(await store.read(RUN_FILES.run))) return [];
  const { model } = (await readRun(store)).description.settings;
  if (!isModelModule(model)) return [];
  try {
    return (await loadModelModule(model)).customLayers;
  } catch (error) {
    console.warn(`The custom layers of the run's module cannot be loaded: ${(error as Error).message}`);
    return [];
  }
}
