import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { memoryStore, readText, substore, type BlobReader } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { describe, expect, it } from 'vitest';
import { findProject, projectNames, readResults, type ProjectModel } from '../src/index.js';
import { writeIndex } from '../src/results-pages.js';
import { writeResults } from '../src/results.js';

const committed = folderStore(fileURLToPath(new URL('../../../docs/results', import.meta.url)));
const names = await committed.list();
const folders = [...new Set(names.filter((name) => name.includes('/')).map((name) => name.split('/')[0]))];
const pageOf = (folder: string) => substore(committed, folder);

const modelOf = (recipe: string): ProjectModel =>
  projectNames()
    .flatMap((name) => findProject(name).models)
    .find((model) => model.recipe === recipe)!;

/** The JSON of a page without its measured numbers. */
async function textsOf(page: BlobReader) {
  const { recipe, comparison, differences, figures } = (await readResults(page))!;
  return {
    recipe,
    rows: comparison.rows.map(([name, reported]) => [name, reported]),
    differences,
    figures,
  };
}

describe('docs/results', () => {
  it('has the record of its files, so that they can be written again', async () => {
    const record = (await readText(committed, '.convlens-files'))!;
    const lines = await Promise.all(
      names.map(async (name) => {
        const checksum = createHash('sha256')
          .update((await committed.read(name))!)
          .digest('hex');
        return `${checksum}  ${name}`;
      }),
    );
    expect(record.trimEnd().split('\n').sort()).toEqual(lines.sort());
  });

  it.each(folders)('%s/results.md and results.json are what writeResults writes', async (folder) => {
    const rewritten = memoryStore();
    await writeResults(rewritten, (await readResults(pageOf(folder)))!, { figuresFolder: '' });
    for (const name of ['results.md', 'results.json'])
      expect(await readText(rewritten, name)).toBe(await readText(pageOf(folder), name));
  });

  it.each(folders)('%s has the texts and the figures of its project', async (folder) => {
    const texts = await textsOf(pageOf(folder));
    const { recipe, reportedResults, differences, figures } = modelOf(texts.recipe);
    expect(texts).toEqual({
      recipe,
      rows: reportedResults.map(({ name, reported = 'not reported' }) => [name, reported]),
      differences,
      figures: Object.fromEntries(Object.keys(texts.figures).map((name) => [name, figures[name]])),
    });
    const pngs = (await pageOf(folder).list()).filter((name) => name.endsWith('.png'));
    expect(pngs).toEqual(
      Object.keys(texts.figures)
        .map((name) => `${name}.png`)
        .sort(),
    );
  });

  it('README.md is the index that writeResultsPages writes', async () => {
    const rewritten = memoryStore();
    for (const folder of folders)
      await rewritten.write(`${folder}/results.json`, (await committed.read(`${folder}/results.json`))!);
    await writeIndex(rewritten);
    expect(await readText(rewritten, 'README.md')).toBe(await readText(committed, 'README.md'));
  });
});
