import { expectStore } from '@convlens/storage';
import { expectRecord, expectModel, expectObject, type ModelCard } from '@convlens/core';
import type { LoadedModel } from '@convlens/models';
import type { BlobStore } from '@convlens/storage';
import type { RunSettings } from './run-settings.js';
import { changedSettings } from '../recorded/changed-settings.js';
import { historyTable, readRun, RUN_FILES } from './run-folder.js';
import { expectSettings } from './settings.js';
import { writeRun, type FinishedRun } from './write-run.js';

/** A pretrained model with its card, such as `loadPretrained` of @convlens/pretrained returns. */
export interface ModelWithCard extends Required<LoadedModel> {
  readonly card: ModelCard;
}

/**
 * Writes the run that trained a pretrained model as a run folder, with the 16-bit weights that are
 * distributed. The caller disposes the model. A folder that holds this run already stays as it is.
 *
 * @throws InputError if the folder holds another run, or the settings in the card are invalid.
 */
export async function writePretrainedRun(store: BlobStore, pretrained: ModelWithCard): Promise<void> {
  expectStore('store', store);
  expectObject('pretrained', pretrained);
  expectModel('pretrained.model', pretrained.model);
  expectRecord('ModelCard', 'pretrained.card', pretrained.card);
  const { model, card, preprocessing, classNames } = pretrained;
  const { backend, versions, history } = card.training;
  const { float16, testSet: name, count, confusion } = card.evaluation;
  const settings = expectSettings(card.training.settings as unknown as RunSettings);
  const run: FinishedRun = {
    description: { settings, backend, versions },
    history,
    test: { name, count, ...float16, confusion: confusion.map((row) => [...row]) },
    model,
    preprocessing,
    classNames,
  };
  if (!(await holdsRun(store, run))) await writeRun(store, run);
}

/** Whether a folder holds a run with this training. Its run.json was written last: the other files are complete. */
async function holdsRun(store: BlobStore, { description, history }: FinishedRun): Promise<boolean> {
  if (!(await store.read(RUN_FILES.run))) return false;
  const saved = await readRun(store);
  return (
    changedSettings(description.settings, saved.description.settings).length === 0 &&
    saved.description.backend === description.backend &&
    historyTable(saved.history) === historyTable(history)
  );
}
