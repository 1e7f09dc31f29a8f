import { substore, type BlobStore } from '@convlens/storage';
import { readText, writeJson } from '../run-folder.js';

const FOLDER = 'steps';

interface KeptStep {
  /** All that decides what is found. */
  readonly of: unknown;
  readonly found: unknown;
}

interface Step<T> {
  readonly name: string;
  readonly of: unknown;
  work(): Promise<T>;
  /** Whether all else that the step left is in the run folder still. */
  isThere(found: T): Promise<boolean>;
}

/**
 * Does a step of a reproduction once: what it found is kept in steps/NAME.json of the run folder, written after all else
 * that it leaves, and is read from there as long as `of` is the same and nothing is lost.
 */
export async function once<T>(run: BlobStore, { name, of, work, isThere }: Step<T>): Promise<T> {
  const store = substore(run, FOLDER);
  const file = `${name}.json`;
  const kept = keptIn(await readText(store, file));
  if (kept?.found !== undefined && JSON.stringify(kept.of) === JSON.stringify(of)) {
    const found = kept.found as T;
    if (await isThere(found)) return found;
  }
  const found = await work();
  await writeJson(store, file, { of, found } satisfies KeptStep);
  return found;
}

/** What a file of a step holds; one that is damaged counts as none, and its step is done again. */
function keptIn(text: string | undefined): KeptStep | undefined {
  if (text === undefined) return undefined;
  try {
    return (JSON.parse(text) as KeptStep | null) ?? undefined;
  } catch {
    return undefined;
  }
}
