import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as reproduction from '../src/index.js';

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

it('the README lists the projects with their titles and recipes', () => {
  expect(tableRows('| project | title | recipes |')).toEqual(
    reproduction.PROJECTS.map(({ id, title, models }) => [
      id,
      title,
      models.map(({ recipe }) => recipe).join(', '),
    ]),
  );
});

it('the README lists the recipes of the projects with their titles', () => {
  expect(tableRows('| recipe | title |')).toEqual(
    reproduction.PROJECT_RECIPES.map(({ id, title }) => [id, title]),
  );
});

it('the README names every exported function', () => {
  const names = Object.entries(reproduction).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : [],
  );
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([]);
});
