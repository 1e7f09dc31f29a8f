import { isInputError } from '@convlens/core';
import {
  openObject,
  readJson,
  substore,
  writeJson,
  type BlobReader,
  type BlobStore,
} from '@convlens/storage';
import * as v from 'valibot';
import { REPRODUCTION_FILES } from '../results.js';

interface SavedStep<T> {
  /** Everything that determines the result. */
  readonly inputs: unknown;
  readonly result: T;
}

interface Step<T> {
  readonly name: string;
  /** What the saved result must be; another is damaged. */
  readonly result: v.GenericSchema<unknown, T>;
  /** Everything that determines the result, as JSON. */
  readonly inputs: unknown;
  run(): Promise<T>;
  /** Whether the other files that the step writes are still in the run folder. */
  isIntact(result: T): Promise<boolean>;
}

/**
 * Runs a step of a reproduction once. Its result is saved in steps/NAME.json of the run folder, after the
 * other files that the step writes, and read from there while `inputs` is the same and the other files are
 * intact.
 */
export async function runOnce<T>(store: BlobStore, step: Step<T>): Promise<T> {
  const { name, inputs, run, isIntact } = step;
  const stepsStore = substore(store, REPRODUCTION_FILES.steps);
  const file = `${name}.json`;
  const saved = await readSavedStep(stepsStore, file, step);
  if (saved && JSON.stringify(saved.inputs) === JSON.stringify(inputs) && (await isIntact(saved.result)))
    return saved.result;
  const result = await run();
  await writeJson(stepsStore, file, { inputs, result } satisfies SavedStep<T>);
  return result;
}

/** Undefined for a missing or damaged file: the step is run again. */
async function readSavedStep<T>(
  store: BlobReader,
  file: string,
  { result }: Pick<Step<T>, 'result'>,
): Promise<SavedStep<T> | undefined> {
  try {
    return await readJson(store, file, openObject({ inputs: v.unknown(), result }));
  } catch (error) {
    if (isInputError(error)) return undefined;
    throw error;
  }
}
