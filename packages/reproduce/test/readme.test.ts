import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { missingNames, tableRows } from '../../../test/support/readme-table.js';
import { functionNames } from '../../../test/support/unknown-options.js';
import * as reproduction from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('the README lists the projects with their titles and recipes', () => {
  expect(tableRows(readme, '| project | title | recipes |')).toEqual(
    reproduction.PROJECTS.map(({ id, title, models }) => [
      id,
      title,
      models.map(({ recipe }) => recipe).join(', '),
    ]),
  );
});

it('the README lists the recipes of the projects with their titles', () => {
  expect(tableRows(readme, '| recipe | title |')).toEqual(
    reproduction.PROJECT_RECIPES.map(({ id, title }) => [id, title]),
  );
});

it('the README names every exported function', () => {
  expect(missingNames(readme, functionNames(reproduction))).toEqual([]);
});
