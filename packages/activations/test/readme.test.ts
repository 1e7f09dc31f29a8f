import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as activations from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The cells of the rows of the table with this header, without backquotes. */
function tableRows(header: string): string[][] {
  const lines = readme.slice(readme.indexOf(header)).split('\n').slice(2);
  const rows = lines.slice(0, lines.indexOf(''));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

it('the README lists all attribution methods with id, title and function', () => {
  const rows = tableRows('| id | title | function |');
  const exports = activations as unknown as Record<string, unknown>;
  expect(rows.map(([id, title]) => [id, title])).toEqual(
    activations.ATTRIBUTION_METHODS.map(({ id, title }) => [id, title]),
  );
  rows.forEach(([, , name], i) => expect(exports[name]).toBe(activations.ATTRIBUTION_METHODS[i].explain));
});

it('the README names every exported function', () => {
  const names = Object.entries(activations).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : [],
  );
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([]);
});
