import { expectStore } from '@convlens/storage';
import { expectFields, InputError } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import { openCheckpoints, type Checkpoints } from '@convlens/training';
import { changedSettings, expectSameSettings } from '../recorded/changed-settings.js';
import { epochDivergence } from '../divergence/epoch-divergence.js';
import { checkpointStore, readRun, RUN_FILES, type RunDescription } from './run-folder.js';
import type { RunSettings } from './run-settings.js';
import type { RunSummary } from './run-summary.js';
import { expectSameImages } from '../recorded/same-images.js';
import { dependsOnEpochs } from './schedule.js';

/** Throws an InputError if a folder holds a run. */
export async function expectEmptyFolder(store: BlobStore): Promise<void> {
  if (await store.read(RUN_FILES.run))
    throw new InputError(
      `Expected an empty run folder, found a run in ${store.location}: resume it or choose another`,
    );
}

/** Removes the checkpoint that a process left which was killed after it had saved the next one. */
export async function removeOldCheckpoints(run: BlobStore): Promise<void> {
  await openCheckpoints(checkpointStore(run)).removeOldest();
}

/**
 * Checks that the run of a folder can be resumed as `description` says, before anything is changed.
 *
 * @returns its summary, if it has one
 */
export async function expectResumable(
  store: BlobStore,
  {
    description,
    checkpoints,
    onWarning,
  }: { description: RunDescription; checkpoints: Checkpoints; onWarning: (message: string) => void },
): Promise<RunSummary | undefined> {
  const { history, summary, description: saved } = await readRun(store);
  expectSameSettings(description.settings, saved.settings);
  expectSameImages(saved, {
    got: description.dataChecksum!,
    remedy: 'restore the images and the option limit, or start a new run',
  });
  const { epochs } = description.settings;
  expectResumableEpochs(epochs, { saved: saved.settings, finished: history.length });
  const checkpoint = await checkpoints.latest(onWarning);
  // A kill between the history and the checkpoint of the first epoch leaves one epoch without a checkpoint;
  // then the run starts again. Diverged epochs have no checkpoint.
  const { length } = history.filter((record) => epochDivergence(record) === undefined);
  if (!checkpoint && length > 1)
    throw new InputError(
      `Expected a checkpoint to resume from after ${length} epochs, found none in ` +
        `${store.location}/${RUN_FILES.checkpoint}`,
    );
  if (saved.backend !== description.backend)
    onWarning(
      `The run was started with ${saved.backend} and is resumed with ${description.backend}: the last ` +
        'digits will differ.',
    );
  if (checkpoint && (checkpoint.stopped || checkpoint.epochs >= epochs))
    onWarning('The run is finished: there is nothing to train.');
  return summary;
}

function expectResumableEpochs(
  epochs: number,
  { saved, finished }: { saved: RunSettings; finished: number },
): void {
  const { schedule, epochs: planned } = saved;
  if (schedule && dependsOnEpochs(schedule) && epochs !== planned)
    throw new InputError(
      `Expected epochs to be ${planned}, since the schedule ${schedule} of this run depends on it, got ` +
        `${epochs}`,
    );
  if (epochs < finished)
    throw new InputError(`Expected at least the ${finished} epochs that are finished, got epochs ${epochs}`);
}

export interface RunProgress {
  /** Whether the folder holds a run. */
  readonly isStarted: boolean;
  /** The number of epochs that remain at most; early stopping may leave fewer. */
  readonly remainingEpochs: number;
}

/**
 * The progress of a run with these settings in a folder, which may be empty.
 *
 * @throws InputError if the folder holds a run with other settings.
 */
export async function runProgress(store: BlobStore, settings: RunSettings): Promise<RunProgress> {
  expectStore('store', store);
  expectFields('RunSettings', 'settings', settings, { epochs: 'number' });
  const { epochs } = settings;
  if (!(await store.read(RUN_FILES.run))) return { isStarted: false, remainingEpochs: epochs };
  const { description } = await readRun(store);
  const [changed] = changedSettings(settings, description.settings);
  if (changed)
    throw new InputError(
      `Expected an empty folder or a run with the same settings, found one with ${changed.name} ` +
        `${changed.savedText} in place of ${changed.currentText} in ${store.location}`,
    );
  const checkpoint = await openCheckpoints(checkpointStore(store)).latest(() => {});
  // After a kill the history may have an epoch more than the checkpoint and the summary.
  const isFinished = checkpoint?.stopped || (checkpoint?.epochs ?? 0) >= epochs;
  return { isStarted: true, remainingEpochs: isFinished ? 0 : epochs - (checkpoint?.epochs ?? 0) };
}
