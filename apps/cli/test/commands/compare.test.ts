import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings } from '@convlens/pipeline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { convlens, filesIn } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-compare-'));
const at = (...names: string[]) => join(folder, ...names);

/** A run folder as training leaves it, without the weights, which a comparison does not read. */
function writeRun(name: string, settings: object, { accuracy }: { accuracy?: number } = {}) {
  mkdirSync(at(name), { recursive: true });
  const history = [0.9, 0.5, 0.7].map((valLoss, epoch) => ({
    ...{ epoch, learningRate: 1e-3, loss: 1 / (epoch + 1), accuracy: 0.5 + 0.1 * epoch },
    ...{ valLoss, valAccuracy: 1 - valLoss, seconds: 2, metrics: {} },
  }));
  const common = { ...defaultSettings, data: 'shapes', model: 'shapes-3conv', epochs: 3, patience: null };
  const test = { name: 'shapes', count: 2, accuracy, loss: 0.25, confusion: [[1, 0], [0, 1]] }; // prettier-ignore
  const files = {
    'run.json': { settings: { ...common, ...settings }, backend: 'simd', versions: {} },
    'history.json': history,
    'summary.json': {
      ...{ model: 'shapes-3conv', parameters: 10, classNames: ['a', 'b'], epochs: 3, epochsPlanned: 3 },
      ...{ best: history[1], seconds: 6, ...(accuracy !== undefined && { test }) },
    },
  };
  for (const [file, value] of Object.entries(files)) writeFileSync(at(name, file), JSON.stringify(value));
}

beforeAll(() => {
  writeRun('adam', { optimizer: 'adam', augment: 'flip' }, { accuracy: 0.8125 });
  writeRun('sgd', { optimizer: 'sgd', augment: 'flip' });
  writeRun('other/adam', { optimizer: 'adam', augment: 'flip' });
});
afterAll(() => rmSync(folder, { recursive: true }));

it('prints the settings in which runs differ, and the results of each', async () => {
  const { status, stdout, stderr } = await convlens('compare', at('adam'), at('sgd'));
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.trimEnd().split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['setting', 'adam', 'sgd'],
    ['optimizer', 'adam', 'sgd'],
    [''],
    ['run', 'model', 'epochs', 'best', 'validation loss', 'validation', 'test loss', 'test', 'seconds'],
    ['adam', 'shapes-3conv', '3', '2', '0.5000', '50.00%', '0.2500', '81.25%', '6'],
    ['sgd', 'shapes-3conv', '3', '2', '0.5000', '50.00%', '6'],
  ]); // prettier-ignore
});

it('reports identical settings, and distinguishes runs of one name by their folders', async () => {
  const { stdout } = await convlens('compare', at('adam'), at('other', 'adam'));
  expect(stdout).toContain('The settings are identical.');
  expect(stdout).toMatch(/^other\/adam +shapes-3conv/m);
});

it('prints the tables and the runs as JSON, and renders the curves with --out', async () => {
  const { stdout } = await convlens('compare', at('adam'), at('sgd'), '--json', '--out', at('curves'));
  const [settings, results, figure] = stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
  expect(settings).toMatchObject({ event: 'settings', rows: [['optimizer', 'adam', 'sgd']] });
  expect(results.runs.map(({ name, bestEpoch }: { name: string; bestEpoch: number }) => [name, bestEpoch])).toEqual([
    ['adam', 1],
    ['sgd', 1],
  ]); // prettier-ignore
  expect(figure).toMatchObject({ event: 'figure', name: 'runs_compared' });
  expect(filesIn(at('curves'))).toEqual(['runs_compared.png', 'runs_compared.svg']);
});

it('refuses a single run, and a folder that is not a run', async () => {
  const alone = await convlens('compare', at('adam'));
  expect([alone.status, alone.stderr]).toEqual([2, 'convlens: Expected at least two runs to compare, got 1']);
  const none = await convlens('compare', at('adam'), at('curves'));
  expect(none.status).toBe(2);
  expect(none.stderr).toContain('Expected a run folder (made by "convlens train"), found no run.json in');
});

it.each([
  ['a batch size of -5', { batchSize: -5 }, 'settings.batchSize of FILE to be an integer >= 1, got -5'],
  ['a misspelled setting', { batchsize: 5 }, '(did you mean batchSize?) as settings, got "batchsize"'],
  ['a model that is no text', { model: 5 }, 'FILE to hold a text as settings.model, got 5'],
  ['an augmentation that does not exist', { augment: 'flipp' }, 'valid settings in FILE: '],
  [
    'a plateau without patience',
    { plateau: { factor: 0.5 } },
    'FILE to have settings.plateau.patience, found none',
  ],
])(
  'every command that reads a run refuses %s with status 2, and writes nothing',
  async (_, settings, message) => {
    writeRun('broken', settings);
    const before = filesIn(at('broken'));
    const commands = [
      ['compare', at('adam'), at('broken')],
      ['report', at('broken')],
      ['evaluate', at('broken')],
      ['layers', at('broken')],
      ['explain', at('broken'), '--method', 'feature-maps'],
      ['train', '--resume', '--out', at('broken')],
    ];
    for (const command of commands) {
      const { status, stderr } = await convlens(...command);
      expect([command[0], status]).toEqual([command[0], 2]);
      expect(stderr).toContain(message.replace('FILE', at('broken', 'run.json')));
    }
    expect(filesIn(at('broken'))).toEqual(before);
  },
);
