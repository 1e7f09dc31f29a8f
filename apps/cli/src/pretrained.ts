import { memoryStore, type BlobStore } from '@convlens/storage';
import { writeRun, type RunSettings } from '@convlens/pipeline';
import { loadPretrained, type PretrainedModel } from '@convlens/pretrained';

const PREFIX = 'pretrained:';

/** Whether a subject is one of the trained networks that come along: "pretrained:mnist-5x5". */
export const isPretrained = (subject: string) => subject.startsWith(PREFIX);

export const pretrainedName = (subject: string) => subject.slice(PREFIX.length);

/** Writes the run that trained a network of @convlens/pretrained into a run folder, with its 16-bit weights. */
export function writePretrained(
  { model, card, preprocessing, classNames }: PretrainedModel,
  { store, dataDir }: { store: BlobStore; dataDir?: string },
): Promise<void> {
  const { training, evaluation } = card;
  const { backend, versions, history } = training;
  const { binary16, images: name, count, confusion } = evaluation;
  // Cards are made of runs.
  const settings = training.settings as unknown as RunSettings;
  return writeRun(store, {
    description: { settings, backend, versions, ...(dataDir && { dataDir }) },
    history,
    test: { name, count, ...binary16, confusion: confusion.map((row) => [...row]) },
    model,
    preprocessing,
    classNames,
  });
}

/** The run folder of "pretrained:mnist-5x5"; in memory, unless a store is given. */
export async function openPretrained(
  subject: string,
  store: BlobStore = { ...memoryStore(), location: subject },
): Promise<BlobStore> {
  const loaded = await loadPretrained(pretrainedName(subject));
  try {
    await writePretrained(loaded, { store });
    return store;
  } finally {
    loaded.model.dispose();
  }
}
