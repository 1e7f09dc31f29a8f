import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { convlens, filesIn } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-moved-'));
const at = (...names: string[]) => join(folder, ...names);
const cpu = ['--backend', 'cpu'];

const picture = (seed: number) =>
  encode({
    ...{ width: 16, height: 16, channels: 3 },
    data: Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (i * seed * 7 + seed) % 256),
  });

/** The text files below a folder that name the temporary folder of this test or a folder of the user. */
const filesWithPaths = (path: string) =>
  filesIn(path)
    .concat('.convlens-files')
    .filter((name) =>
      /convlens-moved-|\/tmp\/|\/home\/|\/Users\//.test(readFileSync(join(path, name), 'latin1')),
    );

beforeAll(async () => {
  vi.stubEnv('XDG_CACHE_HOME', at('cache'));
  for (const [k, name] of ['cat', 'dog'].entries()) {
    mkdirSync(at('pets', name), { recursive: true });
    for (let i = 0; i < 16; i++) writeFileSync(at('pets', name, `${i}.png`), picture(16 * k + i + 1));
  }
  writeFileSync(
    at('net.mjs'),
    `export default ({ tf: { layers: l, sequential }, inputShape, classes }) => sequential({ layers: [
      l.conv2d({ name: 'conv', filters: 2, kernelSize: 3, strides: 4, activation: 'relu', inputShape }),
      l.flatten(),
      l.dense({ name: 'fc', units: classes, activation: 'softmax' }),
    ] });`,
  );
  const recipe = ['--epochs', '1', '--batch-size', '8', '--model', at('net.mjs')];
  const run = ['run', '--data', at('pets'), ...recipe, '--detail', 'brief', '--out', at('run'), ...cpu];
  const { status, stderr } = await convlens(...run);
  expect([status, stderr]).toEqual([0, '']);
}, 60_000);

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe.skipIf(process.platform !== 'linux')('a run of a folder of images', () => {
  it('has no path of the machine in its files', () => {
    expect(filesIn(at('run'))).toEqual(
      expect.arrayContaining(['run.json', 'history.json', 'report.html', 'evaluation.json']),
    );
    expect(filesWithPaths(at('run'))).toEqual([]);
    const { settings } = JSON.parse(readFileSync(at('run', 'run.json'), 'utf8'));
    expect([settings.data, settings.model]).toEqual(['./pets', 'net.mjs']);
  });

  it('is compared without such paths', async () => {
    const outcome = await convlens('compare', at('run'), at('run'), '--out', at('comparison'));
    expect(outcome).toMatchObject({ status: 0 });
    expect(filesWithPaths(at('comparison'))).toEqual([]);
  });

  it('is evaluated without --data: this user trained on it, so where it lies is remembered', async () => {
    const { status, stdout } = await convlens('evaluate', at('run'), ...cpu);
    expect([status, stdout]).toEqual([0, expect.stringContaining(`${at('pets')}\n`)]);
  });

  describe('that was moved', () => {
    beforeAll(() => renameSync(at('pets'), at('animals')));
    const resume = (...args: string[]) =>
      convlens(
        'train',
        '--resume',
        '--out',
        at('run'),
        '--epochs',
        '2',
        '--model',
        at('net.mjs'),
        ...cpu,
        ...args,
      );

    it('needs --data once, which names the folder that was', async () => {
      for (const command of ['evaluate', 'report']) {
        const { status, stderr } = await convlens(command, at('run'), ...cpu);
        expect([status, stderr]).toEqual([
          2,
          expect.stringContaining(
            `Expected --data, since this run was trained on the folder pets, which was ${at('pets')} and is no longer there`,
          ),
        ]);
      }
    });

    it('is not asked for of a user who has not trained on it', async () => {
      vi.stubEnv('XDG_CACHE_HOME', at('other-cache'));
      const { status, stderr } = await convlens('report', at('run'), ...cpu);
      vi.stubEnv('XDG_CACHE_HOME', at('cache'));
      expect([status, stderr]).toEqual([
        2,
        expect.stringContaining('and where its images lie on this machine is not known: add --data ./pets'),
      ]);
    });

    it('is neither resumed nor reported when an image has changed', async () => {
      const files = filesIn(at('animals')).map((name) => at('animals', name));
      const kept = files.map((file) => readFileSync(file));
      // Of each class some are held out for the test; one that is trained on is surely among all.
      files.forEach((file, i) => writeFileSync(file, picture(50 + i)));
      const others = [
        await resume('--data', at('animals')),
        await convlens('report', at('run'), '--data', at('animals'), ...cpu),
      ];
      files.forEach((file, i) => writeFileSync(file, kept[i]));
      for (const { status, stderr } of others)
        expect([status, stderr]).toEqual([
          2,
          expect.stringContaining(
            'Expected the training images that this run was trained on (pets, SHA-256 ',
          ),
        ]);
    });

    it('is resumed with --data, and then found without', async () => {
      expect(await resume('--data', at('animals'))).toMatchObject({ status: 0 });
      expect(filesWithPaths(at('run'))).toEqual([]);
      expect(await convlens('evaluate', at('run'), ...cpu)).toMatchObject({ status: 0, stderr: '' });
    });
  });
});
