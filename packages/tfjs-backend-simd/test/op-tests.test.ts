import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

interface Outcome {
  ran: number;
  failures: { name: string; message: string }[];
}

/** Tests of tfjs-core that are expected to fail, each with its reason. */
const EXPECTED_FAILURES: Record<string, string> = {};

const runner = fileURLToPath(new URL('../scripts/op-tests.js', import.meta.url));

it('passes the op tests of tfjs-core, at least 3,400', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'op-tests-'));
  try {
    const file = join(folder, 'outcome.json');
    await promisify(execFile)(process.execPath, [runner, 'simd', file], { maxBuffer: 2 ** 26 });
    const { ran, failures } = JSON.parse(await readFile(file, 'utf8')) as Outcome;
    expect(failures.filter(({ name }) => !(name in EXPECTED_FAILURES))).toEqual([]);
    expect(ran).toBeGreaterThanOrEqual(3400);
  } finally {
    await rm(folder, { recursive: true });
  }
});
