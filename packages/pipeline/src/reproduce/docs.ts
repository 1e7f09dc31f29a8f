import { InputError } from '@convlens/core';
import { substore, type BlobReader, type BlobStore } from '@convlens/storage';
import { names, readText } from '../run-folder.js';
import { caveat, readResults, writeResults, type ReproductionResults } from './results.js';

const INDEX = 'README.md';

export interface WriteResultsPagesOptions {
  /** Where the pages go: a folder a network, and an index of all that are there. */
  docs: BlobStore;
  /** Turns an SVG into a PNG, as small as can be. */
  toPng: (svg: string) => Uint8Array | Promise<Uint8Array>;
}

/**
 * Makes the page of results of a finished network, with its figures, and writes the index of all pages anew. What a
 * former run left there is removed.
 */
export async function writeResultsPages(
  run: BlobReader,
  { docs, toPng }: WriteResultsPagesOptions,
): Promise<ReproductionResults> {
  const results = await readResults(run);
  if (!results) throw new InputError(`Expected a finished reproduction, found none in ${run.location}`);
  const page = substore(docs, results.network);
  for (const name of await page.list()) await page.remove(name);
  for (const name of Object.keys(results.figures)) {
    const svg = await readText(run, `${names.figures}/${name}.svg`);
    if (svg === undefined)
      throw new InputError(`Expected ${name}.svg in ${run.location}/${names.figures}, found none`);
    await page.write(`${name}.png`, await toPng(svg));
  }
  await writeResults(page, results, { folder: '' });
  await docs.write(INDEX, new TextEncoder().encode(await indexOf(docs)));
  return results;
}

/** What every page says of the test images, in one table. */
async function indexOf(docs: BlobReader): Promise<string> {
  const folders = [...new Set((await docs.list()).map((name) => name.split('/')[0]))];
  const rows: string[] = [];
  for (const folder of folders) {
    const results = await readResults(substore(docs as BlobStore, folder));
    if (!results) continue;
    const [, reported, got] =
      results.comparison.rows.find(([what]) => String(what).startsWith('test accuracy')) ?? [];
    const cells = [
      `[${results.network}](${folder}/results.md)`,
      results.settings.data,
      reported,
      got,
      caveat(results),
    ];
    rows.push(`| ${cells.join(' | ')} |`);
  }
  return [
    '# Results',
    '',
    'What the sources report, and what convlens got. Each page was written by the command that it names.',
    '',
    '| network | data | test accuracy in the source | here | |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
