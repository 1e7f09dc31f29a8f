import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-stream-'));
const at = (...names: string[]) => join(folder, ...names);

beforeAll(() => {
  vi.stubEnv('XDG_CACHE_HOME', at('cache'));
  for (const [k, name] of ['cat', 'dog'].entries()) {
    mkdirSync(at('pets', name), { recursive: true });
    for (let i = 0; i < 15; i++) {
      const data = Uint8Array.from({ length: 20 * 20 * 3 }, (_, n) => (n * (k + 2) + i * 31) % 256);
      writeFileSync(at('pets', name, `${i}.png`), encode({ width: 20, height: 20, channels: 3, data }));
    }
  }
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const train = (out: string, ...args: string[]) =>
  convlens(
    'train',
    ...['--data', at('pets'), '--model', 'shapes-3conv', '--epochs', '1', '--batch-size', '8'],
    ...['--backend', 'simd', '--out', at(out), ...args],
  );

it('train --stream has the same weights as in memory, and says that it reads from files', async () => {
  const inMemory = await train('memory');
  const streamed = await train('streamed', '--stream');
  expect([inMemory.status, streamed.status, streamed.stderr]).toEqual([0, 0, '']);
  expect(inMemory.stdout).not.toContain('are read from files');
  expect(streamed.stdout).toContain(
    '24 images of pets train are read from files when they are needed, not kept in memory (0.0 MiB)',
  );
  const [a, b] = ['memory', 'streamed'].map((run) => readFileSync(at(run, 'model', 'weights.bin')));
  expect(a.equals(b)).toBe(true);
  const [c, d] = ['memory', 'streamed'].map((run) => readFileSync(at(run, 'run.json'), 'utf8'));
  expect(c).toBe(d);
}, 60_000);

it('train --stream names a damaged file, and leaves no run', async () => {
  const file = at('pets', 'dog', '3.png');
  const bytes = readFileSync(file);
  for (let i = 0; i < 15; i++) writeFileSync(at('pets', 'dog', `${i}.png`), bytes.subarray(0, 60));
  const { status, stderr } = await train('damaged', '--stream');
  expect([status, stderr]).toEqual([2, expect.stringMatching(/pets\/dog\/\d+\.png: expected/)]);
});

it('train --stream is refused for a data set', async () => {
  const { status, stderr } = await train('none', '--stream', '--data', 'shapes');
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining('Expected --stream only with a folder of images, got the data set shapes'),
  ]);
});
