import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { convlens, filesIn, startConvlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-interrupt-'));
const at = (...names: string[]) => join(folder, ...names);
const train = (out: string) =>
  ['train', '--recipe', 'shapes', '--limit', '240', '--epochs', '3', '--backend', 'simd', '--out', at(out)]; // prettier-ignore
const resume = (out: string) => convlens('train', '--out', at(out), '--resume', '--backend', 'simd');

/** What must be equal: the weights, bit for bit, and the history without the seconds. */
const outcome = (run: string) => ({
  weights: createHash('sha256')
    .update(readFileSync(at(run, 'model/weights.bin')))
    .digest('hex'),
  history: JSON.parse(readFileSync(at(run, 'history.json'), 'utf8')).map((record: object) => ({
    ...record,
    seconds: 0,
  })),
});

/** Starts a training and sends a signal in its second epoch, after the first checkpoint. */
async function endBySignal(out: string, signal: NodeJS.Signals) {
  const { child, events } = startConvlens(...train(out));
  const exited = once(child, 'exit');
  while (child.exitCode === null && !existsSync(at(out, 'checkpoint/0001.checkpoint')))
    await new Promise((resolve) => setTimeout(resolve, 2));
  child.kill(signal);
  const [status] = await exited;
  return { status, epochs: events().filter(({ event }) => event === 'epoch').length };
}

beforeAll(async () => expect((await convlens(...train('whole'))).status).toBe(0), 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

it('the same command gives the same history and weights', async () => {
  expect((await convlens(...train('again'))).status).toBe(0);
  expect(outcome('again')).toEqual(outcome('whole'));
}, 60_000);

// On Windows a program cannot send a signal that another one handles: it ends it.
it.skipIf(process.platform === 'win32')(
  'SIGINT ends it within a batch with exit status 130; the finished epoch is saved and resuming gives the same result',
  async () => {
    const { status, epochs } = await endBySignal('stopped', 'SIGINT');
    expect([status, epochs]).toEqual([130, 1]);
    expect(JSON.parse(readFileSync(at('stopped', 'history.json'), 'utf8'))).toHaveLength(1);
    expect((await convlens('evaluate', at('stopped'), '--backend', 'simd')).status).toBe(0);
    expect((await resume('stopped')).status).toBe(0);
    expect(outcome('stopped')).toEqual(outcome('whole'));
  },
  60_000,
);

it('resuming after SIGKILL gives the same result', async () => {
  const { status } = await endBySignal('killed', 'SIGKILL');
  expect(status).toBeNull();
  expect(filesIn(at('killed', 'checkpoint'))).toEqual(['0001.checkpoint']);
  expect((await resume('killed')).status).toBe(0);
  expect(outcome('killed')).toEqual(outcome('whole'));
}, 60_000);
