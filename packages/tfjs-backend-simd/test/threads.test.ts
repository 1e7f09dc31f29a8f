import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import esbuild from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threads-'));
  program = join(folder, 'calls.mjs');
  await esbuild.build({
    entryPoints: [fileURLToPath(new URL('threads/calls.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
  });
});
afterAll(() => rm(folder, { recursive: true }));

// In a process of its own: threads that wait for each other for ever would stop the tests too.
it.each([
  [2, 200_000],
  [4, 100_000],
])('runs on %i threads %i calls, each whole and once, however late a worker comes', async (count, calls) => {
  const run = promisify(execFile)(process.execPath, [program, `${count}`, `${calls}`], { timeout: 25_000 });
  await expect(run).resolves.toMatchObject({ stderr: '' });
});
