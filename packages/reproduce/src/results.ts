import { readJson, writeJson, writeText, type BlobReader, type BlobStore } from '@convlens/storage';
import { reproductionResults, type ReproductionResults } from './reproduction-results.js';
import { resultsPage } from './results-page.js';

/** The files and folders that a reproduction adds to a run folder. */
export const REPRODUCTION_FILES = {
  results: 'results.json',
  page: 'results.md',
  steps: 'steps',
} as const;

/** Writes results.json and results.md. */
export async function writeResults(
  store: BlobStore,
  results: ReproductionResults,
  { figuresFolder }: { figuresFolder: string },
): Promise<void> {
  await writeText(store, REPRODUCTION_FILES.page, resultsPage(results, { figuresFolder }));
  await writeJson(store, REPRODUCTION_FILES.results, results);
}

/**
 * The results in the run folder of a reproduction; undefined if it is not finished.
 *
 * @throws InputError that names the file and the field if it is damaged.
 */
export async function readResults(store: BlobReader): Promise<ReproductionResults | undefined> {
  return readJson(store, REPRODUCTION_FILES.results, reproductionResults);
}
