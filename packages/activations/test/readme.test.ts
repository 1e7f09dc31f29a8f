import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { missingNames, tableRows } from '../../../test/support/readme-table.js';
import { functionNames } from '../../../test/support/unknown-options.js';
import * as activations from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('the README lists all attribution methods with id, title and function', () => {
  const rows = tableRows(readme, '| id | title | function |');
  const exports = activations as unknown as Record<string, unknown>;
  expect(rows.map(([id, title]) => [id, title])).toEqual(
    activations.ATTRIBUTION_METHODS.map(({ id, title }) => [id, title]),
  );
  rows.forEach(([, , name], i) => expect(exports[name]).toBe(activations.ATTRIBUTION_METHODS[i].explain));
});

it('the README names every exported function', () => {
  expect(missingNames(readme, functionNames(activations))).toEqual([]);
});
