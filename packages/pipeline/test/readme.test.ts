import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const root = new URL('../../../', import.meta.url);
// Beside the tests, where every package that the example imports is found.
const example = new URL('readme-example.tmp.mjs', import.meta.url);
const home = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convlens-readme-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
  rmSync(example, { force: true });
});

it('runs the example of README.md: it learns, and leaves a picture', async () => {
  const [, code] = /```js\n(.*?)```/s.exec(readFileSync(new URL('README.md', root), 'utf8'))!;
  writeFileSync(example, code);
  const said = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import(/* @vite-ignore */ example.href);
  const losses = (said.mock.lastCall![0] as string[]).map(Number);
  expect(losses).toHaveLength(3);
  expect(losses[2]).toBeLessThan(losses[0]);
  expect(readFileSync('maps.png').subarray(1, 4).toString()).toBe('PNG');
}, 120_000);
