import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../../../test/support/requirements.js';
import { convlens, filesIn } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-reproduce-'));
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

describe('convlens reproduce', () => {
  it.each([
    [['F'], 'Expected project to be one of A, B, C, D, E, D-keras-cifar10-long, cifar10-fast, D-mnist-5x5,'],
    [['E', '--scale', '2'], 'Expected scale to be a number from 0.001 to 1, got 2'],
    [['E', '--scale', 'small'], 'Expected a number, got "small"'],
    [['E', '--detail', 'huge'], "argument 'huge' is invalid. Allowed choices are brief, normal, full"],
    [['E'], 'Expected train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz of MNIST'],
    [['D-svhn-4conv'], '--generate-svhn'],
  ])('refuses %j before anything is written', async (args, message) => {
    process.env.CONVLENS_OFFLINE = '1';
    const nothing = ['--data-dir', at('empty'), '--out', at('nothing')];
    const { status, stderr } = await convlens('reproduce', ...args, ...nothing);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(at('nothing'))).toBe(false);
  });
});

it('locks the run folder of each model, and refuses a project of which one is written by another program', async () => {
  const { lockFolder } = await import('@convlens/storage/node');
  const lock = await lockFolder(at('d/D-mnist-5x5'), { command: 'convlens train' });
  const { status, stderr } = await convlens('reproduce', 'D', '--out', at('d'), '--data-dir', at('empty'));
  await lock.release();
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining(`got ${at('d/D-mnist-5x5')}: convlens train writes it`),
  ]);
  expect(filesIn(at('d'))).toEqual([]);
});

it.each([
  ['d', 'd'],
  ['d', 'd/pages'],
  ['d', 'd/D-mnist-5x5'],
])('refuses --out %s with --docs %s, which is in it', async (out, docs) => {
  const { status, stderr } = await convlens('reproduce', 'D', '--out', at(out), '--docs', at(docs));
  expect([status, stderr]).toEqual([2, expect.stringContaining('Expected --docs to be outside of the run')]);
});

it.each(['report.html', 'results.md', 'steps/evaluation.json', 'evaluation.json', 'history.csv'])(
  'refuses a foreign %s in the run folder before the training',
  async (name) => {
    const file = at('foreign', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'mine');
    const { status, stderr } = await convlens('reproduce', 'E', '--out', at('foreign'));
    expect([status, stderr]).toEqual([2, expect.stringContaining(`found ${file}, which was not written`)]);
    rmSync(at('foreign'), { recursive: true });
  },
);

const data = process.env.CONVLENS_DATA_DIR ?? '';
const describeWithData = describeWith({
  name: 'data',
  isPresent: data !== '' && existsSync(join(data, 'mnist')),
  absence: 'CONVLENS_DATA_DIR names no folder with the real MNIST',
});

describeWithData('convlens reproduce on MNIST', () => {
  const quick = ['reproduce', 'E', '--scale', '0.004', '--detail', 'brief', '--data-dir', data, '--backend', 'simd'] as const; // prettier-ignore

  it('estimates the training time, prints the comparison, and writes a page without paths', async () => {
    const { status, stdout } = await convlens(...quick, '--out', at('e'), '--docs', at('docs'));
    expect(status).toBe(0);
    expect(stdout.indexOf('estimated training time')).toBeGreaterThan(0);
    expect(stdout.indexOf('estimated training time')).toBeLessThan(stdout.indexOf('E: training'));
    expect(stdout).toMatch(
      /\n +project +this run +difference\ntraining accuracy, last epoch +98% +[\d.]+% +−/,
    );
    const pngs = filesIn(at('docs')).filter((name) => name.endsWith('.png'));
    expect(pngs).toContain('E/training_curves.png');
    expect(decode(readFileSync(at('docs', pngs[0]))).channels).toBe(3);
    for (const name of ['README.md', 'E/results.md', 'E/results.json']) {
      const text = readFileSync(at('docs', name), 'utf8');
      expect(text).toContain('mnist');
      for (const path of [folder, data]) expect(text).not.toContain(path);
    }
  }, 60_000);

  it('refuses a damaged page in the folder of --docs before the training', async () => {
    mkdirSync(at('pages/other'), { recursive: true });
    writeFileSync(at('pages/other/results.json'), '{"recipe": 3}');
    const { status, stderr } = await convlens(...quick, '--out', at('e2'), '--docs', at('pages'));
    expect([status, stderr]).toEqual([2, expect.stringContaining(`${at('pages')}/other/results.json`)]);
    expect(existsSync(at('e2'))).toBe(false);
  });

  it('--resume fails if there is no run to resume', async () => {
    const { status, stdout } = await convlens(...quick, '--out', at('e'), '--resume', '--json');
    expect(status).toBe(0);
    const events = stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
    expect(events.map(({ event }) => event)).toEqual(['plan', 'backend', 'results']);
    expect(events[0]).toMatchObject({ project: 'E', scale: 0.004, seconds: 0 });
    const none = await convlens(...quick, '--out', at('nothing'), '--resume');
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('Expected a run to resume')]);
  }, 60_000);
});
