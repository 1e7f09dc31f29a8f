import { expectFunction, expectObject, expectOptions, InputError, type OptionNames } from '@convlens/core';
import { RUN_FILES } from '@convlens/pipeline';
import {
  expectStore,
  expectReader,
  substore,
  writeText,
  type BlobReader,
  type BlobStore,
} from '@convlens/storage';
import type { ReproductionResults } from './reproduction-results.js';
import { markdownTable } from './results-page.js';
import { readResults, writeResults } from './results.js';
import { readFigure } from './steps/saved-figures.js';

/** The name of the index of the pages. */
export const RESULTS_INDEX_FILE = 'README.md';

export interface WriteResultsPagesOptions {
  /** The folder of the pages: a subfolder per recipe, and an index. */
  readonly pages: BlobStore;
  /** Converts an SVG to a PNG, as small as possible. */
  readonly toPng: (svg: string) => Uint8Array | Promise<Uint8Array>;
}

const WRITE_RESULTS_PAGES_OPTIONS: OptionNames<WriteResultsPagesOptions> = { pages: true, toPng: true };

/**
 * Writes the results page of a finished run with its figures, in place of an earlier one, and the index of
 * all pages.
 *
 * @param run the run folder
 * @throws InputError if the run is not finished, or a figure is missing.
 */
export async function writeResultsPages(
  run: BlobReader,
  options: WriteResultsPagesOptions,
): Promise<ReproductionResults> {
  expectOptions('writeResultsPages', options, WRITE_RESULTS_PAGES_OPTIONS);
  expectObject('the options of writeResultsPages', options);
  expectReader('run', run);
  expectStore('pages', options.pages);
  expectFunction('toPng', options.toPng);
  const { pages, toPng } = options;
  const results = await readResults(run);
  if (!results) throw new InputError(`Expected a finished reproduction, found none in ${run.location}`);
  const page = substore(pages, results.recipe);
  for (const name of await page.list()) await page.remove(name);
  for (const name of Object.keys(results.figures)) {
    const svg = await readFigure(run, name);
    if (svg === undefined)
      throw new InputError(`Expected ${name}.svg in ${run.location}/${RUN_FILES.figures}, found none`);
    await page.write(`${name}.png`, await toPng(svg));
  }
  await writeResults(page, results, { figuresFolder: '' });
  await writeIndex(pages);
  return results;
}

/** Writes the index of the pages that are in a folder. */
export async function writeIndex(pages: BlobStore): Promise<void> {
  await writeText(pages, RESULTS_INDEX_FILE, indexPage(await readResultsPages(pages)));
}

/**
 * The results of the pages that are in a folder.
 *
 * @throws InputError if a page is damaged; it names the file.
 */
export async function readResultsPages(pages: BlobStore): Promise<ReproductionResults[]> {
  expectStore('pages', pages);
  const folders = [...new Set((await pages.list()).map((name) => name.split('/')[0]))];
  const results: ReproductionResults[] = [];
  for (const folder of folders) {
    const page = await readResults(substore(pages, folder));
    if (page) results.push(page);
  }
  return results;
}

const TEST_ACCURACY = 'test accuracy';

/** The row of an index: the first test accuracy that is compared, and what the project reports of it. */
function indexRow({ recipe, settings, comparison, caveat = '' }: ReproductionResults): string[] {
  const row = comparison.rows.find(([name]) => String(name).startsWith(TEST_ACCURACY)) ?? [];
  const [name, reported, measured] = row.map(String);
  // Our own recipes are compared with the results of other projects.
  return [
    `[${recipe}](${recipe}/results.md)`,
    settings.data,
    name === TEST_ACCURACY ? reported : '',
    measured,
    caveat,
  ];
}

const indexPage = (results: readonly ReproductionResults[]): string =>
  [
    '# Results',
    '',
    'The test accuracies that the projects report, and those of convlens. Each page names the command ' +
      'that wrote it.',
    '',
    markdownTable({
      columns: ['recipe', 'data', 'test accuracy of the project', 'this run', ''],
      rows: results.map(indexRow),
    }),
    '',
  ].join('\n');
