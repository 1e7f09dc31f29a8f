import { InputError, type ImageSet } from '@convlens/core';
import { memoryStore, type BlobStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { registerKerasLayers } from '@convlens/model-import';
import type { LayerClass } from '@convlens/models';
import { openSubject, readRun, runNames, type Subject } from '@convlens/pipeline';
import { chooseBackend } from './backend.js';
import type { Console } from './console.js';
import { dataFolder } from './data-folder.js';
import { openDataset } from './dataset.js';
import { isKerasFile, openKerasSubject } from './keras-subject.js';
import { isModelModule, loadModelModule } from './model-module.js';
import { isPretrained, openPretrained } from './pretrained.js';

export interface SubjectFlags {
  data?: string;
  dataDir?: string;
  backend: string;
  json?: boolean;
}

export interface OpenedSubject {
  subject: Subject;
  store: BlobStore;
  /** The test images of the data set the subject is looked at with. */
  images(): Promise<ImageSet>;
}

/** What a command that looks at a model is told to look at. */
export const SUBJECT =
  'a run folder, a model folder, a Keras file (.keras, .h5) or pretrained:NAME (convlens list pretrained)';

/** The run folder that a command names; that of a network that comes along is in memory. */
export const openRunStore = async (path: string): Promise<BlobStore> =>
  isPretrained(path) ? openPretrained(path) : folderStore(path);

/** Opens the subject that a command names, does something with it, and disposes the model. */
export async function withSubject<T>(
  path: string,
  { flags, console, signal }: { flags: SubjectFlags; console: Console; signal: AbortSignal },
  work: (opened: OpenedSubject) => Promise<T>,
): Promise<T> {
  await chooseBackend(flags.backend);
  // Beside a file of Keras nothing is kept.
  const store = isKerasFile(path) ? memoryStore() : await openRunStore(path);
  // A model folder may hold layers that an import put there.
  registerKerasLayers();
  const subject: Subject = isKerasFile(path)
    ? await openKerasSubject(path)
    : await openSubject(store, { customLayers: await customLayersOf(store, console) });
  try {
    const data = flags.data ?? subject.run?.description.settings.data;
    const images = async () => {
      if (!data)
        throw new InputError('Expected --data, the data set to look at the model with (convlens list data)');
      return openDataset(
        { data, dataDir: dataFolder(flags.dataDir, subject.run?.description), split: 'test' },
        console,
        signal,
      );
    };
    return await work({ subject, store, images });
  } finally {
    subject.model.dispose();
  }
}

/**
 * The layers of the user's own module that a run was trained with, which its model may need. Where the module is gone the
 * model may still load without.
 */
export async function customLayersOf(store: BlobStore, console: Console): Promise<readonly LayerClass[]> {
  if (!(await store.read(runNames.run))) return [];
  const { model } = (await readRun(store)).description.settings;
  if (!isModelModule(model)) return [];
  try {
    return (await loadModelModule(model)).customLayers;
  } catch (error) {
    console.notice(
      `Without the layers of the module that the run was trained with: ${(error as Error).message}`,
    );
    return [];
  }
}
