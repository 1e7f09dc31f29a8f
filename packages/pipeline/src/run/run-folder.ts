import { expectRecords, InputError, type EpochRecord } from '@convlens/core';
import {
  expectReader,
  dictionary,
  list,
  openObject,
  readJson,
  substore,
  writeJson,
  writeText,
  type BlobReader,
  type BlobStore,
} from '@convlens/storage';
import { epochRecordSchema } from '@convlens/training';
import * as v from 'valibot';
import { evaluationFile, hasSquareConfusion, type SavedEvaluation } from '../evaluation/evaluation-file.js';
import { runSummary, type RunSummary } from './run-summary.js';
import { savedSettings } from './settings.js';

const runDescription = openObject({
  settings: savedSettings,
  /** The backend and its build. */
  backend: v.string(),
  /** Versions of the software, by name. */
  versions: dictionary(v.string()),
  /** The folder of the data sets; earlier versions wrote it. */
  dataDir: v.optional(v.string()),
  /** The SHA-256, in hex, of the training images (`imageChecksum` of @convlens/image-set), before some are held out. */
  dataChecksum: v.optional(v.string()),
  /** The SHA-256, in hex, of the file that defines the model, if the caller built the model with one. */
  moduleChecksum: v.optional(v.string()),
});

/** The content of run.json: everything that is needed to repeat a run. */
export type RunDescription = Readonly<v.InferOutput<typeof runDescription>>;

/** The files and subfolders of a run folder. */
export const RUN_FILES = {
  run: 'run.json',
  history: 'history.json',
  historyTable: 'history.csv',
  summary: 'summary.json',
  evaluation: 'evaluation.json',
  notes: 'notes.md',
  report: 'report.html',
  model: 'model',
  checkpoint: 'checkpoint',
  figures: 'figures',
} as const;

export const modelStore = (run: BlobStore) => substore(run, RUN_FILES.model);
export const checkpointStore = (run: BlobStore) => substore(run, RUN_FILES.checkpoint);

/** The content of a run folder. */
export interface RunContents {
  readonly description: RunDescription;
  readonly history: readonly EpochRecord[];
  /** Undefined before the first epoch is finished. */
  readonly summary?: RunSummary;
}

/** One record per epoch. */
export const runHistory: v.GenericSchema<unknown, readonly EpochRecord[]> = v.pipe(
  list(epochRecordSchema()),
  v.check(
    (records) => records.every(({ epoch }, i) => epoch === i),
    'one record per epoch, in the order of the epochs',
  ),
);

/**
 * Reads a run folder. Unknown fields are kept, except among the settings, where they are refused.
 *
 * @throws InputError if it is not one, or a file of it is damaged; it names the file and the field.
 */
export async function readRun(store: BlobReader): Promise<RunContents> {
  expectReader('store', store);
  const description = await readJson(store, RUN_FILES.run, runDescription);
  if (!description)
    throw new InputError(
      `Expected a run folder (made by "convlens train"), found no ${RUN_FILES.run} in ${store.location}`,
    );
  const summary = await readJson(store, RUN_FILES.summary, runSummary);
  const history = (await readJson(store, RUN_FILES.history, runHistory)) ?? [];
  const test = summary && (await readEvaluation(store, summary));
  return { description, history, summary: test ? { ...summary, test } : summary };
}

/** The evaluation of the weights of a run; undefined if there is none, or one of the weights before the run was resumed. */
async function readEvaluation(
  store: BlobReader,
  { best, classNames: { length } }: RunSummary,
): Promise<SavedEvaluation | undefined> {
  const file = await readJson(store, RUN_FILES.evaluation, evaluationFile);
  if (file?.epoch !== best.epoch) return undefined;
  if (!hasSquareConfusion(file.test, length))
    throw new InputError(
      `Expected ${store.location}/${RUN_FILES.evaluation} to hold a row and a column for each of the ${length} classes as ` +
        'test.confusion',
    );
  return file.test;
}

/** Writes history.json and history.csv. */
export async function writeHistory(store: BlobStore, history: readonly EpochRecord[]): Promise<void> {
  await writeJson(store, RUN_FILES.history, history);
  await writeText(store, RUN_FILES.historyTable, historyTable(history));
}

/** The history as CSV: one line per epoch, with empty cells where a metric is missing. */
export function historyTable(history: readonly EpochRecord[]): string {
  expectRecords('EpochRecord', 'history', history);
  const columns = ['epoch', 'learningRate', 'loss', 'accuracy', 'valLoss', 'valAccuracy', 'seconds'] as const;
  const lines = history.map((record) => columns.map((column) => record[column] ?? '').join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}
