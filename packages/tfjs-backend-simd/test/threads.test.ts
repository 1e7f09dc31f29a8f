import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import esbuild from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threads-'));
  await esbuild.build({
    entryPoints: ['calls', 'failures'].map((name) =>
      fileURLToPath(new URL(`threads/${name}.ts`, import.meta.url)),
    ),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
  });
});
afterAll(() => rm(folder, { recursive: true }));

// In processes of their own: threads that wait for each other for ever would stop the tests too.
const run = (program: string, ...values: number[]) =>
  promisify(execFile)(process.execPath, [join(folder, `${program}.mjs`), ...values.map(String)], {
    timeout: 25_000,
  });

it.each([
  [2, 200_000],
  [4, 100_000],
])('runs on %i threads %i calls, each whole and once, however late a worker comes', async (count, calls) => {
  await expect(run('calls', count, calls)).resolves.toMatchObject({ stderr: '' });
});

it.each([2, 3])(
  'says on %i threads that a kernel failed, and goes on where the stack was too short',
  async (count) => {
    await expect(run('failures', count)).resolves.toMatchObject({ stderr: '' });
  },
);
