import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '@convlens/core';
import { RUN_FILES } from '@convlens/pipeline';
import {
  folderStore,
  openOutputFolder,
  type OpenOutputFolderOptions,
  type OutputFolder,
} from '@convlens/storage/node';

/** Opens a folder for results, calls `callback` with it, and closes it. */
export async function withOutputFolder<T>(
  folder: string,
  options: OpenOutputFolderOptions,
  callback: (output: OutputFolder) => Promise<T>,
): Promise<T> {
  const output = await openOutputFolder(folder, options);
  let result: T;
  try {
    result = await callback(output);
    // What was written may have been removed meanwhile.
    await output.expectHeld();
  } catch (error) {
    // An error of closing would hide the first one.
    await output.close().catch(() => {});
    throw error;
  }
  await output.close();
  return result;
}

/** As `withOutputFolder`, for several folders. */
export async function withOutputFolders<T>(
  [folder, ...others]: readonly string[],
  options: OpenOutputFolderOptions,
  callback: (outputs: OutputFolder[]) => Promise<T>,
): Promise<T> {
  if (folder === undefined) return callback([]);
  return withOutputFolder(folder, options, (output) =>
    withOutputFolders(others, options, (outputs) => callback([output, ...outputs])),
  );
}

/**
 * Throws an InputError if the folder of --out holds a run, other than `run` itself: an evaluation or a report would be taken for one
 * of that run.
 */
export async function expectNoOtherRun(out: string | undefined, run: string): Promise<void> {
  if (out === undefined || (await realPathOf(out)) === (await realPathOf(run))) return;
  if ((await folderStore(out).read(RUN_FILES.run)) !== undefined)
    throw new InputError(`Expected --out to be a folder without a run, found another run in ${resolve(out)}`);
}

/** Links followed; the path itself if there is nothing. */
const realPathOf = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

/** What a training writes. In a folder of an earlier version, which recorded nothing, they may be replaced. */
export const TRAINING_FILES: readonly string[] = [
  RUN_FILES.run,
  RUN_FILES.history,
  RUN_FILES.historyTable,
  RUN_FILES.summary,
  RUN_FILES.model,
  RUN_FILES.checkpoint,
];

/** What people edit in a run folder, and what is damaged without harm: a training replaces them although they were changed. */
export const EDITABLE_TRAINING_FILES: readonly string[] = [
  RUN_FILES.run,
  RUN_FILES.history,
  RUN_FILES.summary,
  RUN_FILES.checkpoint,
];
