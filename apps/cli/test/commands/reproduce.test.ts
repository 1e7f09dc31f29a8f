import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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
  ['d/run', 'd'],
])('refuses --out %s with --docs %s, one of which is in the other', async (out, docs) => {
  const { status, stderr } = await convlens('reproduce', 'D', '--out', at(out), '--docs', at(docs));
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining('Expected --docs to be outside of the run folder'),
  ]);
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
