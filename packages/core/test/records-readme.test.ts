import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { declaredRecords, recordSection } from '../../../test/support/exports/record-tables.js';

const RECORDS = declaredRecords(fileURLToPath(new URL('../src/index.ts', import.meta.url)));

it('each record and each of its fields has a description', () => {
  const names = RECORDS.flatMap(({ name, description, fields }) => [
    ...(description === '' ? [name] : []),
    ...fields.filter((field) => field.description === '').map((field) => `${name}.${field.name}`),
  ]);
  expect(names).toEqual([]);
});

it('the README has a table of the fields of each record, which vitest -u writes', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [before, after] = ['<!-- records -->\n\n', '\n\n<!-- end of records -->'];
  const start = readme.indexOf(before) + before.length;
  const end = readme.indexOf(after);
  expect(end).toBeGreaterThanOrEqual(start);
  const sections = RECORDS.map(recordSection).join('\n\n');
  await expect(readme.slice(0, start) + sections + readme.slice(end)).toMatchFileSnapshot('../README.md');
});
