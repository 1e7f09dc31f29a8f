import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from '@convlens/storage/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens, filesIn } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-outputs-'));
const at = (...names: string[]) => join(folder, ...names);
const SMALL = ['--data', 'shapes', '--model', 'shapes-3conv', '--limit', '60', '--epochs', '1', '--batch-size', '30', '--backend', 'simd']; // prettier-ignore
const KERNELS = ['--method', 'kernels', '--backend', 'simd'];

const foreign = (...names: string[]) => {
  mkdirSync(at(...names, '..'), { recursive: true });
  writeFileSync(at(...names), 'mine');
};
const isMine = (...names: string[]) => readFileSync(at(...names), 'utf8') === 'mine';

beforeAll(async () => {
  process.env.CONVLENS_OFFLINE = '1';
  expect((await convlens('train', ...SMALL, '--out', at('run'))).status).toBe(0);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file of the user is not replaced, and the command says which', () => {
  it.each([
    ['train', ['train', ...SMALL, '--out', at('train')], ['train', 'history.json']],
    [
      'train, in a subfolder',
      ['train', ...SMALL, '--out', at('train-model')],
      ['train-model', 'model/weights.bin'],
    ],
    ['run', ['run', ...SMALL, '--out', at('run-out')], ['run-out', 'summary.json']],
    ['report', ['report', at('run'), '--backend', 'simd'], ['run', 'report.html']],
    [
      'report --out',
      ['report', at('run'), '--out', at('report'), '--backend', 'simd'],
      ['report', 'report.html'],
    ],
    ['explain', ['explain', at('run'), ...KERNELS], ['run', 'figures/kernels_conv1.svg']],
    [
      'explain --out',
      ['explain', at('run'), ...KERNELS, '--out', at('explain')],
      ['explain', 'kernels_conv1.png'],
    ],
    ['compare', ['compare', at('run'), at('run'), '--out', at('compare')], ['compare', 'runs_compared.svg']],
    ['data', ['data', 'shapes', '--out', at('sheet')], ['sheet', 'contact_sheet.png']],
    [
      'reproduce --docs',
      ['reproduce', 'E', '--scale', '0.004', '--out', at('e'), '--docs', at('docs')],
      ['docs', 'README.md'],
    ],
  ] as [string, string[], [string, string]][])(
    '%s',
    async (name, command, place) => {
      foreign(...place);
      const { status, stderr } = await convlens(...command);
      // Without the images of MNIST, reproduce ends before it.
      if (name.startsWith('reproduce') && /mnist/i.test(stderr)) return;
      expect([status, stderr]).toEqual([
        2,
        expect.stringContaining(`found ${at(...place)}, which was not written by convlens: move it away`),
      ]);
      expect(isMine(...place)).toBe(true);
      rmSync(at(...place));
    },
    30_000,
  );
});

it('the files of a command are replaced when it is repeated', async () => {
  for (let time = 0; time < 2; time++) {
    expect((await convlens('explain', at('run'), ...KERNELS)).status).toBe(0);
    expect((await convlens('evaluate', at('run'), '--backend', 'simd')).status).toBe(0);
  }
  expect(filesIn(at('run'))).toContain('figures/kernels_conv1.svg');
}, 30_000);

it('a command that fails leaves no folder', async () => {
  const { status } = await convlens('train', ...SMALL, '--batch-size', '0', '--out', at('none/run'));
  expect(status).toBe(2);
  expect(() => filesIn(at('none'))).toThrow('ENOENT');
});

it.each([
  ['train', ['train', '--out', at('run'), '--resume', '--backend', 'simd']],
  ['run', ['run', ...SMALL, '--out', at('run')]],
  ['report', ['report', at('run'), '--backend', 'simd']],
])('%s is refused where another command writes the folder, and says which', async (_, command) => {
  const lock = await lockFolder(at('run'), { command: 'convlens train' });
  const { status, stderr } = await convlens(...command);
  await lock.release();
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining(`convlens train writes it (process ${process.pid} on`),
  ]);
});

it('commands that only read, and evaluate, run while another one writes the folder', async () => {
  const lock = await lockFolder(at('run'));
  for (const command of ['layers', 'evaluate'])
    expect((await convlens(command, at('run'), '--backend', 'simd')).status).toBe(0);
  await lock.release();
}, 30_000);

it('two runs that are started at once get a folder each', async () => {
  const before = process.cwd();
  mkdirSync(at('two'));
  process.chdir(at('two'));
  try {
    const { newRunFolder } = await import('../../src/runs/new-run-folder.js');
    const folders = await Promise.all(Array.from({ length: 5 }, () => newRunFolder('shapes')));
    expect(folders.sort()).toEqual([1, 2, 3, 4, 5].map((n) => join('runs', `shapes-${n}`)));
  } finally {
    process.chdir(before);
  }
});

it('--resume-or-start with a recipe resumes the run that the same command has started, and no other', async () => {
  const command = ['train', '--recipe', 'shapes', '--limit', '60', '--epochs', '1', '--backend', 'simd', '--out', at('recipe'), '--resume-or-start']; // prettier-ignore
  for (const verb of ['training', 'resuming']) {
    const { status, stdout } = await convlens(...command);
    expect([status, stdout]).toEqual([0, expect.stringContaining(`${verb} shapes-3conv`)]);
  }
  const other = await convlens(...command, '--batch-size', '7');
  expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('batchSize')]);
}, 30_000);

it('--resume-or-start starts a run, and resumes it', async () => {
  const command = ['train', ...SMALL, '--out', at('job'), '--resume-or-start'];
  const first = await convlens(...command);
  expect([first.status, first.stdout]).toEqual([0, expect.stringContaining('training shapes-3conv')]);
  const again = await convlens(...command, '--epochs', '2');
  expect([again.status, again.stdout]).toEqual([0, expect.stringContaining('resuming shapes-3conv')]);
  expect(JSON.parse(readFileSync(at('job/history.json'), 'utf8'))).toHaveLength(2);
  const both = await convlens(...command, '--resume');
  expect([both.status, both.stderr]).toEqual([
    2,
    expect.stringContaining('Expected --resume or --resume-or-start, got both'),
  ]);
}, 30_000);

// The superuser may write everywhere, and Windows has no such mode of folders.
it.skipIf(process.getuid === undefined || process.getuid() === 0)(
  'a run that may only be read is evaluated and reported with --out',
  async () => {
    chmodSync(at('run'), 0o555);
    try {
      const evaluated = await convlens('evaluate', at('run'), '--backend', 'simd');
      expect([evaluated.status, evaluated.stderr]).toEqual([
        0,
        expect.stringContaining('The evaluation is not saved'),
      ]);
      const refused = await convlens('report', at('run'), '--backend', 'simd');
      expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('permission denied')]);
    } finally {
      chmodSync(at('run'), 0o755);
    }
  },
);

it.each(['evaluate', 'report'])(
  '%s --out refuses the folder of another run, and takes its own',
  async (name) => {
    mkdirSync(at('other'), { recursive: true });
    writeFileSync(at('other/run.json'), '{}');
    const command = [name, at('run'), '--backend', 'simd', '--out'];
    const { status, stderr } = await convlens(...command, at('other'));
    expect([status, stderr]).toEqual([2, expect.stringContaining(`found another run in ${at('other')}`)]);
    expect(filesIn(at('other'))).toEqual(['run.json']);
  },
);

it('evaluate refuses an evaluation.json that was changed, before it evaluates', async () => {
  const command = ['evaluate', at('run'), '--backend', 'simd'];
  expect((await convlens(...command)).status).toBe(0);
  const saved = readFileSync(at('run/evaluation.json'), 'utf8');
  writeFileSync(at('run/evaluation.json'), saved.replace('"epoch"', ' "epoch"'));
  const { status, stdout, stderr } = await convlens(...command);
  expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining('which was changed since')]);
  writeFileSync(at('run/evaluation.json'), saved);
});

it('a resumed training refuses a changed model before it trains, and takes an edited run.json', async () => {
  const command = ['train', ...SMALL, '--out', at('edited'), '--resume-or-start'];
  expect((await convlens(...command)).status).toBe(0);
  const description = readFileSync(at('edited/run.json'), 'utf8');
  writeFileSync(at('edited/run.json'), `${description} `);
  expect((await convlens(...command, '--epochs', '2')).status).toBe(0);
  const saved = readFileSync(at('edited/model/model.json'), 'utf8');
  writeFileSync(at('edited/model/model.json'), `${saved} `);
  const { status, stdout, stderr } = await convlens(...command, '--epochs', '3');
  expect([status, stdout, stderr]).toEqual([
    2,
    expect.not.stringContaining('epoch 3/3'),
    expect.stringContaining(`${at('edited/model/model.json')}, which was changed since`),
  ]);
}, 30_000);

it('evaluate --out and report --out write into that folder only', async () => {
  const before = filesIn(at('run'));
  const out = ['--out', at('elsewhere'), '--backend', 'simd'];
  expect((await convlens('evaluate', at('run'), ...out)).status).toBe(0);
  expect((await convlens('report', at('run'), '--detail', 'brief', ...out)).status).toBe(0);
  expect(filesIn(at('elsewhere'))).toEqual(expect.arrayContaining(['evaluation.json', 'report.html']));
  expect(filesIn(at('run'))).toEqual(before);
}, 60_000);
