import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as pipeline from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The cells of the rows of the table with this header, without backquotes. */
function tableRows(header: string): string[][] {
  const lines = readme.slice(readme.indexOf(header)).split('\n').slice(2);
  return lines.slice(0, lines.indexOf('')).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

it.each([
  ['| data set | title |', pipeline.DATASETS],
  ['| recipe | title |', pipeline.RECIPES],
])('the README lists the entries of the table %s with their titles', (header, entries) => {
  expect(tableRows(header)).toEqual(entries.map(({ id, title }) => [id, title]));
});

it('the README lists the explain methods with their titles and options', () => {
  expect(tableRows('| method | title | options |')).toEqual(
    pipeline.EXPLAIN_METHODS.map(({ id, title, options }) => [id, title, options.join(', ') || '-']),
  );
});

it('the README names every exported function', () => {
  const names = Object.entries(pipeline).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : [],
  );
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([]);
});
