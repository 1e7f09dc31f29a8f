import { RUN_FILES } from '@convlens/pipeline';
import { openOutputFolder, type OpenOutputFolderOptions, type OutputFolder } from '@convlens/storage/node';

/** Opens a folder for results, calls `callback` with it, and closes it. */
export async function withOutputFolder<T>(
  folder: string,
  options: OpenOutputFolderOptions,
  callback: (output: OutputFolder) => Promise<T>,
): Promise<T> {
  const output = await openOutputFolder(folder, options);
  try {
    const result = await callback(output);
    // What was written may have been removed meanwhile.
    await output.expectHeld();
    return result;
  } finally {
    await output.close();
  }
}

/** What a training writes. In a folder of an earlier version, which recorded nothing, they may be replaced. */
export const TRAINING_FILES: readonly string[] = [
  RUN_FILES.run,
  RUN_FILES.history,
  RUN_FILES.historyTable,
  RUN_FILES.summary,
  RUN_FILES.model,
  RUN_FILES.checkpoint,
];
