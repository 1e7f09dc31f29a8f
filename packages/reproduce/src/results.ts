import { readJson, writeJson, writeText, type BlobReader, type BlobStore } from '@convlens/storage';
import { reproductionResults, type ReproductionResults } from './reproduction-results.js';
import { resultsPage } from './results-page.js';

const RESULTS_FILE = 'results.json';
const PAGE_FILE = 'results.md';

/** Writes results.json and results.md. */
export async function writeResults(
  store: BlobStore,
  results: ReproductionResults,
  { figuresFolder }: { figuresFolder: string },
): Promise<void> {
  await writeText(store, PAGE_FILE, resultsPage(results, { figuresFolder }));
  await writeJson(store, RESULTS_FILE, results);
}

/**
 * The results in the run folder of a reproduction; undefined if it is not finished.
 *
 * @throws InputError that names the file and the field if it is damaged.
 */
export const readResults = (store: BlobReader): Promise<ReproductionResults | undefined> =>
  readJson(store, RESULTS_FILE, reproductionResults);
