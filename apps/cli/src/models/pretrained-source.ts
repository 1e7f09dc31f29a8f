import { writePretrainedRun } from '@convlens/pipeline';
import { loadPretrained } from '@convlens/pretrained';
import { memoryStore, type BlobStore } from '@convlens/storage';

const PREFIX = 'pretrained:';

/** Whether a model source names a pretrained model: "pretrained:mnist-5x5". */
export const isPretrainedSource = (source: string) => source.startsWith(PREFIX);

export const pretrainedName = (source: string) => source.slice(PREFIX.length);

/** Writes the run folder of "pretrained:mnist-5x5" into a store, by default in memory, and returns the store. */
export async function openPretrainedRun(
  source: string,
  store: BlobStore = { ...memoryStore(), location: source },
): Promise<BlobStore> {
  const pretrained = await loadPretrained(pretrainedName(source));
  try {
    await writePretrainedRun(store, pretrained);
    return store;
  } finally {
    pretrained.model.dispose();
  }
}
