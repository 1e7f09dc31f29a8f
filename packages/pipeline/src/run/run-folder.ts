import { InputError, type EpochRecord, type Evaluation } from '@convlens/core';
import { readJson, substore, writeJson, writeText, type BlobReader, type BlobStore } from '@convlens/storage';
import type { RunSettings } from './settings.js';

/** The content of run.json: everything that is needed to repeat a run. */
export interface RunDescription {
  readonly settings: RunSettings;
  /** The backend and its build. */
  readonly backend: string;
  /** Versions of the software, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** The folder of the data sets, unless they are generated. */
  readonly dataDir?: string;
  /** The SHA-256, in hex, of the file that defines the model, if the caller built the model with one. */
  readonly moduleChecksum?: string;
}

/** The content of summary.json. */
export interface RunSummary {
  readonly model: string;
  readonly parameters: number;
  readonly classNames: readonly string[];
  /** The number of finished epochs. */
  readonly epochs: number;
  /** The number of epochs in the settings. */
  readonly epochsPlanned: number;
  /** The record of the epoch whose weights are in model/. */
  readonly best: EpochRecord;
  readonly seconds: number;
  /** The evaluation of these weights on the test images, if there is one: from evaluation.json. */
  readonly test?: SavedEvaluation;
}

/** An evaluation as files hold it: `confusion` has a row per label. */
export type SavedEvaluation = Omit<Evaluation, 'confusion'> & { readonly confusion: number[][] };

/** The content of evaluation.json. */
export interface EvaluationFile {
  /** The epoch whose weights were evaluated. */
  readonly epoch: number;
  readonly test: SavedEvaluation;
}

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

/**
 * Reads a run folder.
 *
 * @throws InputError if it is not one, or a file of it is damaged.
 */
export async function readRun(store: BlobReader): Promise<RunContents> {
  const description = await readJson<RunDescription>(store, RUN_FILES.run);
  if (!description?.settings)
    throw new InputError(
      `Expected a run folder (made by "convlens train"), found no ${RUN_FILES.run} in ${store.location}`,
    );
  const summary = await readJson<RunSummary>(store, RUN_FILES.summary);
  if (summary !== undefined && !Array.isArray(summary?.classNames))
    throw new InputError(`Expected ${store.location}/${RUN_FILES.summary} to be the summary of a run`);
  const evaluation = summary && (await readEvaluation(store, summary.best.epoch));
  return {
    description,
    history: await readHistory(store),
    summary: evaluation ? { ...summary, test: evaluation } : summary,
  };
}

/** The evaluation of the weights of an epoch; undefined if there is none, or one of the weights before the run was resumed. */
async function readEvaluation(store: BlobReader, epoch: number): Promise<SavedEvaluation | undefined> {
  const file = await readJson<EvaluationFile>(store, RUN_FILES.evaluation);
  if (file === undefined) return undefined;
  if (!Array.isArray(file?.test?.confusion))
    throw new InputError(`Expected ${store.location}/${RUN_FILES.evaluation} to be the evaluation of a run`);
  return file.epoch === epoch ? file.test : undefined;
}

async function readHistory(store: BlobReader): Promise<EpochRecord[]> {
  const history = (await readJson<EpochRecord[]>(store, RUN_FILES.history)) ?? [];
  if (!Array.isArray(history) || !history.every((record, i) => record?.epoch === i))
    throw new InputError(`Expected ${store.location}/${RUN_FILES.history} to hold one record per epoch`);
  // JSON has no NaN and writes null: a diverged run has such metrics.
  return history.map(
    (record) =>
      Object.fromEntries(
        Object.entries(record).map(([key, value]) => [key, value ?? NaN]),
      ) as unknown as EpochRecord,
  );
}

/** Writes history.json and history.csv. */
export async function writeHistory(store: BlobStore, history: readonly EpochRecord[]): Promise<void> {
  await writeJson(store, RUN_FILES.history, history);
  await writeText(store, RUN_FILES.historyTable, historyTable(history));
}

/** The history as CSV: one line per epoch, with empty cells where a metric is missing. */
export function historyTable(history: readonly EpochRecord[]): string {
  const columns = ['epoch', 'learningRate', 'loss', 'accuracy', 'valLoss', 'valAccuracy', 'seconds'] as const;
  const lines = history.map((record) => columns.map((column) => record[column] ?? '').join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}
