import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import esbuild from 'esbuild';
import { afterAll, beforeAll } from 'vitest';

/** The programs of this folder, in separate processes: a deadlock would block the tests too. */
export function threadPrograms({ timeout }: { timeout: number }) {
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

  return (program: 'calls' | 'failures' | 'lost-workers', ...values: number[]) =>
    promisify(execFile)(process.execPath, [join(folder, `${program}.mjs`), ...values.map(String)], {
      timeout,
    });
}
