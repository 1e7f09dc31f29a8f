import { substore, type BlobStore } from '@convlens/core';
import { readText, writeJson } from '../run-folder.js';

const FOLDER = 'steps';

interface KeptStep {
  /** All that decides what is found. */
  readonly of: unknown;
  readonly found: unknown;
}

/**
 * Does a step of a reproduction once: what it found is kept in steps/NAME.json of the run folder, written after all else
 * that it leaves, and is read from there as long as `of` is the same.
 */
export async function once<T>(
  run: BlobStore,
  { name, of, work }: { name: string; of: unknown; work: () => Promise<T> },
): Promise<T> {
  const store = substore(run, FOLDER);
  const file = `${name}.json`;
  const text = await readText(store, file);
  const kept = text === undefined ? undefined : (JSON.parse(text) as KeptStep);
  if (kept && JSON.stringify(kept.of) === JSON.stringify(of)) return kept.found as T;
  const found = await work();
  await writeJson(store, file, { of, found } satisfies KeptStep);
  return found;
}
