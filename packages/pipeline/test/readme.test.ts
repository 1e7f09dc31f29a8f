import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { missingNames, tableRows } from '../../../test/support/readme-table.js';
import { functionNames } from '../../../test/support/unknown-options.js';
import * as pipeline from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it.each([
  ['| data set | title |', pipeline.DATASETS],
  ['| recipe | title |', pipeline.RECIPES],
])('the README lists the entries of the table %s with their titles', (header, entries) => {
  expect(tableRows(readme, header)).toEqual(entries.map(({ id, title }) => [id, title]));
});

it('the README lists the explain methods with their titles and options', () => {
  expect(tableRows(readme, '| method | title | options |')).toEqual(
    pipeline.EXPLAIN_METHODS.map(({ id, title, options }) => [id, title, options.join(', ') || '-']),
  );
});

it('the README names every exported function', () => {
  expect(missingNames(readme, functionNames(pipeline))).toEqual([]);
});
