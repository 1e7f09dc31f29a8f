import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startConvlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-ending-'));
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const training = (out: string) =>
  ['train', '--recipe', 'shapes', '--limit', '240', '--epochs', '300', '--backend', 'simd', '--out', at(out)]; // prettier-ignore

/** Starts a training and waits for its first checkpoint. */
async function startTraining(out: string) {
  const { child } = startConvlens(...training(out));
  let stderr = '';
  child.stderr!.on('data', (text) => (stderr += text));
  const exited = once(child, 'exit');
  while (child.exitCode === null && !existsSync(at(out, 'checkpoint/0001.checkpoint')))
    await new Promise((resolve) => setTimeout(resolve, 5));
  return { child, status: async () => [(await exited)[0], stderr] as const };
}

// On Windows a program cannot send a signal that another one handles: it ends it.
it.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGHUP'] as const)(
  '%s ends a training as SIGINT does, and its lock',
  async (signal) => {
    const { child, status } = await startTraining(signal);
    expect(existsSync(at(signal, '.convlens-lock'))).toBe(true);
    child.kill(signal);
    expect((await status())[0]).toBe(130);
    expect(existsSync(at(signal, '.convlens-lock'))).toBe(false);
    expect(JSON.parse(readFileSync(at(signal, 'history.json'), 'utf8')).length).toBeGreaterThan(0);
  },
  60_000,
);

it('a training whose output is closed ends with 141, and its lock', async () => {
  const { child, status } = await startTraining('closed');
  child.stdout!.destroy();
  expect((await status())[0]).toBe(141);
  expect(existsSync(at('closed', '.convlens-lock'))).toBe(false);
}, 60_000);

it('a training whose folder is removed ends with an error, and does not create it again', async () => {
  const { status } = await startTraining('removed');
  rmSync(at('removed'), { recursive: true });
  expect(await status()).toEqual([
    2,
    expect.stringContaining(`Cannot write ${at('removed')}: it was removed meanwhile`),
  ]);
  expect(existsSync(at('removed'))).toBe(false);
}, 60_000);
