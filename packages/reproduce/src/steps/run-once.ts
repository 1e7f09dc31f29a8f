import { readText, substore, writeJson, type BlobStore } from '@convlens/storage';

const STEPS_FOLDER = 'steps';

interface SavedStep {
  /** Everything that determines the result. */
  readonly inputs: unknown;
  readonly result: unknown;
}

interface Step<T> {
  readonly name: string;
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
export async function runOnce<T>(store: BlobStore, { name, inputs, run, isIntact }: Step<T>): Promise<T> {
  const stepsStore = substore(store, STEPS_FOLDER);
  const file = `${name}.json`;
  const saved = parseSavedStep(await readText(stepsStore, file));
  if (saved?.result !== undefined && JSON.stringify(saved.inputs) === JSON.stringify(inputs)) {
    const result = saved.result as T;
    if (await isIntact(result)) return result;
  }
  const result = await run();
  await writeJson(stepsStore, file, { inputs, result } satisfies SavedStep);
  return result;
}

/** Undefined for a missing or damaged file: the step is run again. */
function parseSavedStep(text: string | undefined): SavedStep | undefined {
  if (text === undefined) return undefined;
  try {
    return (JSON.parse(text) as SavedStep | null) ?? undefined;
  } catch {
    return undefined;
  }
}
