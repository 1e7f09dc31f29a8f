import { InputError, type BlobStore, type ImageSet } from '@convlens/core';
import { folderStore } from '@convlens/core/node';
import { openSubject, type Subject } from '@convlens/pipeline';
import { chooseBackend } from './backend.js';
import type { Console } from './console.js';
import { dataFolder } from './data-folder.js';
import { openDataset } from './dataset.js';

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

/** Opens the run or model folder that a command names, does something with it, and disposes the model. */
export async function withSubject<T>(
  path: string,
  { flags, console, signal }: { flags: SubjectFlags; console: Console; signal: AbortSignal },
  work: (opened: OpenedSubject) => Promise<T>,
): Promise<T> {
  await chooseBackend(flags.backend);
  const store = folderStore(path);
  const subject = await openSubject(store);
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
