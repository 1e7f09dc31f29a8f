import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONVOLUTION_METHODS } from '../src/index.js';
import { KERNELS } from '../src/kernels/registry.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The code spans in the first column of the table with this heading. */
function firstColumn(heading: string): string[] {
  const lines = readme.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  const rows = lines.slice(start + 2);
  const cells = rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((row) => row.split('|')[1]);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code));
}

it('lists every operation with a SIMD kernel', () => {
  // Kernels with names of their own are no operations of TensorFlow.js.
  const operations = KERNELS.filter(({ kernelName }) => !kernelName.startsWith('Simd'));
  const names = [...new Set(operations.map(({ kernelName }) => kernelName))];
  expect(firstColumn('operations').sort()).toEqual(names.sort());
});

it('lists the convolution methods', () => {
  expect(firstColumn('convolution method')).toEqual([...CONVOLUTION_METHODS]);
});
