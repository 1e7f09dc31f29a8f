import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens, PROGRAM } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-address-space-'));
const run = join(folder, 'run');
const training = ['--data', 'shapes', '--model', 'shapes-3conv', '--limit', '30', '--epochs', '1', '--backend', 'simd']; // prettier-ignore

/** Runs the program in a process that has address space for some kB. */
async function limited(kilobytes: number, nodeFlags: string, ...args: string[]) {
  const command = `ulimit -v ${kilobytes} && exec ${process.execPath} ${nodeFlags} ${PROGRAM} ${args.join(' ')}`;
  const { stdout, stderr, code } = await promisify(execFile)('bash', ['-c', command]).then(
    (output) => ({ ...output, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
  return { stdout, stderr, code };
}

// Only Linux counts address space under `ulimit -v`.
describe.skipIf(process.platform !== 'linux')('with 4 GB of address space', () => {
  const flag = '--disable-wasm-trap-handler';
  let outcomes: Awaited<ReturnType<typeof limited>>[];
  beforeAll(async () => {
    expect(await convlens('train', ...training, '--out', run)).toMatchObject({ status: 0 });
    outcomes = await Promise.all([
      limited(4_000_000, '', 'layers', run),
      limited(4_000_000, '', 'layers', run, '--backend', 'simd'),
      limited(4_000_000, flag, 'train', ...training, '--out', join(folder, 'unguarded')),
    ]);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('a command works with the backend cpu, and says why', () => {
    const { code, stderr, stdout } = outcomes[0];
    expect([code, stdout]).toEqual([0, expect.stringContaining('Conv2D')]);
    expect(stderr).toMatch(
      /^Using the backend cpu, because simd, .* is not available: no address space for a WebAssembly memory .*--disable-wasm-trap-handler/,
    );
  });

  it('the backend simd is refused with the reason', () => {
    const { code, stderr } = outcomes[1];
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^convlens: Backend simd is not available on this machine: no address space/),
    ]);
  });

  it('the backend simd trains without the guard of Node, as the reason says', () => {
    const { code, stderr, stdout } = outcomes[2];
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('backend: simd');
  });
});
