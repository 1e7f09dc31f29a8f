import { InputError, type EpochRecord, type Evaluation } from '@convlens/core';
import { substore, type BlobReader, type BlobStore } from '@convlens/storage';
import type { RunSettings } from './settings.js';

/** What run.json holds: all it takes to repeat a run. */
export interface RunDescription {
  readonly settings: RunSettings;
  /** What computes, and its build. */
  readonly backend: string;
  /** Versions of what took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Where the data sets lie, if they are not drawn. */
  readonly dataDir?: string;
}

/** What summary.json holds. */
export interface RunSummary {
  readonly model: string;
  readonly parameters: number;
  readonly classNames: readonly string[];
  /** How many epochs are finished, and how many were asked for. */
  readonly epochs: number;
  readonly epochsAsked: number;
  /** The epoch whose weights model/ holds, 0-based, and what it reached. */
  readonly best: EpochRecord;
  readonly seconds: number;
  /** On the test images, once the run was evaluated: the confusion as rows of true classes. */
  readonly test?: Omit<Evaluation, 'confusion'> & { readonly confusion: number[][] };
}

/** The names in a run folder. */
export const names = {
  run: 'run.json',
  history: 'history.json',
  historyTable: 'history.csv',
  summary: 'summary.json',
  notes: 'notes.md',
  report: 'report.html',
  model: 'model',
  checkpoint: 'checkpoint',
  figures: 'figures',
} as const;

export const modelStore = (run: BlobStore) => substore(run, names.model);
export const checkpointStore = (run: BlobStore) => substore(run, names.checkpoint);

export async function writeJson(store: BlobStore, name: string, value: unknown): Promise<void> {
  await store.write(name, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
}

export async function readText(store: BlobReader, name: string): Promise<string | undefined> {
  const bytes = await store.read(name);
  return bytes && new TextDecoder().decode(bytes);
}

/** The value in a JSON file; undefined if there is none. Throws an InputError that names a file that is no JSON. */
export async function readJson<T>(store: BlobReader, name: string): Promise<T | undefined> {
  const text = await readText(store, name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new InputError(`Expected ${store.location}/${name} to be JSON: ${(error as Error).message}`);
  }
}

/** What is in a run folder; throws an InputError if it is not one. */
export async function readRun(store: BlobReader): Promise<{
  description: RunDescription;
  history: EpochRecord[];
  summary?: RunSummary;
}> {
  const description = await readJson<RunDescription>(store, names.run);
  if (!description?.settings)
    throw new InputError(
      `Expected a run folder (made by "convlens train"), found no ${names.run} in ${store.location}`,
    );
  const history = (await readJson<EpochRecord[]>(store, names.history)) ?? [];
  if (!Array.isArray(history) || !history.every((record, i) => record?.epoch === i))
    throw new InputError(`Expected ${store.location}/${names.history} to hold a record an epoch`);
  // JSON has no NaN: what a diverged run measured is null there.
  const measured = history.map(
    (record) =>
      Object.fromEntries(
        Object.entries(record).map(([key, value]) => [key, value ?? NaN]),
      ) as unknown as EpochRecord,
  );
  const summary = await readJson<RunSummary>(store, names.summary);
  if (summary !== undefined && !Array.isArray(summary?.classNames))
    throw new InputError(`Expected ${store.location}/${names.summary} to be the summary of a run`);
  return { description, history: measured, summary };
}

/** The history as a table: a line an epoch, numbers as JavaScript writes them, nothing where nothing was measured. */
export function historyTable(history: readonly EpochRecord[]): string {
  const columns = ['epoch', 'learningRate', 'loss', 'accuracy', 'valLoss', 'valAccuracy', 'seconds'] as const;
  const lines = history.map((record) => columns.map((column) => record[column] ?? '').join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}
