import { extend, findEntry, idsOf } from '@convlens/core';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FIGURES, type FigureEntry } from '../src/figures.js';
import * as index from '../src/index.js';
import { confusionMatrix } from '../src/index.js';
import { recordTypeOf, toCamelCase } from './support/figure-source.js';

describe.each(FIGURES)('$id', ({ id, title, description, record, figure }) => {
  it('is the kebab-case name of a function that the package exports', () => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect((index as Record<string, unknown>)[toCamelCase(id)]).toBe(figure);
  });

  it('states the record type of its function', () => {
    expect(record).toBe(recordTypeOf(id));
  });

  it('has a title and a description', () => {
    expect(title).toMatch(/^[A-Z].*[a-z]$/);
    expect(description).toMatch(/^[a-z].*[a-z]$/);
  });
});

it('a list with a figure of the user is a new list', () => {
  const mine: FigureEntry = {
    id: 'my-matrix',
    title: 'My matrix',
    description: 'a confusion matrix with another title',
    record: 'ConfusionMatrix',
    figure: confusionMatrix,
  };
  const figures = extend(FIGURES, [mine]);
  expect(idsOf(figures)).toEqual([...idsOf(FIGURES), 'my-matrix']);
  expect(findEntry('figure', 'my-matrix', figures)).toBe(mine);
  expect(() => findEntry('figure', 'my-matrix', FIGURES)).toThrow(
    'Expected figure to be one of training-curves',
  );
  expect(() => extend(FIGURES, [{ ...mine, id: 'image-grid' }])).toThrow('got "image-grid" twice');
});

const code = (text: string) => `\`${text}\``;
const rows = FIGURES.map(({ id, title, description, record }) => {
  const records = record.split(' | ').map(code).join(' or ');
  return `| ${code(id)} | ${code(toCamelCase(id))} | ${records} | ${title}: ${description} |`;
});
const table = ['| id | function | records | shows |', '|---|---|---|---|', ...rows].join('\n');

it('the README has the table of the figures, which vitest -u writes', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [before, after] = ['<!-- figures -->\n\n', '\n\n<!-- end of figures -->'];
  const start = readme.indexOf(before) + before.length;
  const end = readme.indexOf(after);
  expect(end).toBeGreaterThanOrEqual(start);
  await expect(readme.slice(0, start) + table + readme.slice(end)).toMatchFileSnapshot('../README.md');
});
