import { expectOptions, type ModelCard, type OptionNames } from '@convlens/core';
import type { LoadedModel } from '@convlens/models';
import type { BlobStore } from '@convlens/storage';
import type { RunSettings } from './run-settings.js';
import { expectSettings } from './settings.js';
import { writeRun } from './write-run.js';

/** A pretrained model with its card, such as `loadPretrained` of @convlens/pretrained returns. */
export interface ModelWithCard extends Required<LoadedModel> {
  readonly card: ModelCard;
}

export interface WritePretrainedRunOptions {
  /** The folder of the data sets, for run.json. Default: none. */
  readonly dataDir?: string;
}

const WRITE_PRETRAINED_RUN_OPTIONS: OptionNames<WritePretrainedRunOptions> = { dataDir: true };

/**
 * Writes the run that trained a pretrained model as a run folder, with the 16-bit weights that are
 * distributed. The caller disposes the model.
 *
 * @throws InputError if the folder already holds a run, or the settings in the card are invalid.
 */
export async function writePretrainedRun(
  store: BlobStore,
  { model, card, preprocessing, classNames }: ModelWithCard,
  options: WritePretrainedRunOptions = {},
): Promise<void> {
  expectOptions('writePretrainedRun', options, WRITE_PRETRAINED_RUN_OPTIONS);
  const { dataDir } = options;
  const { backend, versions, history } = card.training;
  const { float16, testSet: name, count, confusion } = card.evaluation;
  const settings = expectSettings(card.training.settings as unknown as RunSettings);
  await writeRun(store, {
    description: { settings, backend, versions, ...(dataDir && { dataDir }) },
    history,
    test: { name, count, ...float16, confusion: confusion.map((row) => [...row]) },
    model,
    preprocessing,
    classNames,
  });
}
