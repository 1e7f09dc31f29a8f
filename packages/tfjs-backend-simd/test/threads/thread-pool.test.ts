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
    entryPoints: ['calls', 'failures', 'lost-workers'].map((name) =>
      fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
    ),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
  });
});
afterAll(() => rm(folder, { recursive: true }));

// In separate processes: a deadlock would block the tests too.
const run = (program: string, ...values: number[]) =>
  promisify(execFile)(process.execPath, [join(folder, `${program}.mjs`), ...values.map(String)], {
    timeout: 25_000,
  });

it.each([
  [2, 200_000],
  [4, 100_000],
])('runs each chunk of each call exactly once: %i threads, %i calls', async (count, calls) => {
  await expect(run('calls', count, calls)).resolves.toMatchObject({ stderr: '' });
});

it.each([2, 3])(
  'reports a failed kernel, and runs a kernel again after a stack overflow: %i threads',
  async (count) => {
    await expect(run('failures', count)).resolves.toMatchObject({ stderr: '' });
  },
);

it.each([2, 3])('goes on after a worker has ended while it ran a chunk: %i threads', async (count) => {
  await expect(run('lost-workers', count, 20)).resolves.toMatchObject({ stderr: '' });
});
