import { InputError } from '@convlens/core';
import { memoryStore, writeJson, writeText } from '@convlens/storage';
import { describe, expect, it } from 'vitest';
import { compareRuns, findRecipe, openModel, readRun, RECIPES, runProgress } from '../../src/index.js';
import { savedRun, storeRun, type RunFile } from './saved-run.js';

/** The content of a file with other values at some paths, such as "settings.batchSize"; undefined removes. */
function changeFile(file: RunFile, changes: Record<string, unknown>): unknown {
  const content = structuredClone(savedRun[file]) as unknown as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    const parent = keys.reduce((part, key) => part[key] as Record<string, unknown>, content);
    parent[last] = value;
  }
  return content;
}

describe('readRun', () => {
  it('reads the NaN of a diverged run, which JSON stores as null, also in other metrics', async () => {
    const { history } = await readRun(await storeRun());
    expect(history[1]).toEqual({
      epoch: 1,
      learningRate: 0.1,
      loss: NaN,
      accuracy: NaN,
      seconds: 1,
      metrics: { top5: NaN },
    });
  });

  it('reads what is saved, with the fields of later versions outside the settings', async () => {
    const later = { later: [1] };
    const run = { ...savedRun['run.json'], ...later };
    const summary = { ...savedRun['summary.json'], ...later };
    const contents = await readRun(await storeRun({ 'run.json': run, 'summary.json': summary }));
    expect(contents).toMatchObject({ description: run, summary });
  });

  it('reads a run before its first epoch, with a model, a data set and a recipe of the caller', async () => {
    const store = memoryStore();
    const settings = { ...findRecipe('shapes').settings, data: 'mine', model: '/home/me/model.mjs' };
    await writeJson(store, 'run.json', { settings, backend: 'cpu', versions: {} });
    expect(await readRun(store)).toEqual({
      description: { settings, backend: 'cpu', versions: {} },
      history: [],
      summary: undefined,
    });
  });

  it.each(RECIPES.map(({ id, settings }) => [id, settings] as const))(
    'reads a run of %s',
    async (_, settings) =>
      expect(
        (await readRun(await storeRun({ 'run.json': changeFile('run.json', { settings }) }))).description,
      ).toEqual({ ...savedRun['run.json'], settings }),
  );

  const refusals: readonly [RunFile, Record<string, unknown>, string][] = [
    ['run.json', { 'settings.batchSize': -5 }, 'settings.batchSize of FILE to be an integer >= 1, got -5'],
    ['run.json', { 'settings.batchSize': '64' }, 'FILE to hold a number as settings.batchSize, got "64"'],
    ['run.json', { 'settings.epochs': undefined }, 'FILE to have settings.epochs, found none'],
    ['run.json', { 'settings.epochs': 1.5 }, 'settings.epochs of FILE to be an integer >= 1, got 1.5'],
    ['run.json', { 'settings.momentum': 1 }, 'settings.momentum of FILE to be below 1, got 1'],
    ['run.json', { 'settings.augment': null }, 'FILE to hold a text as settings.augment, got null'],
    [
      'run.json',
      { 'settings.classWeights.3': -1 },
      'settings.classWeights[3] of FILE to be a number >= 0, got -1',
    ],
    ['run.json', { 'settings.validation': 'x' }, 'valid settings in FILE: Expected a split'],
    ['run.json', { 'settings.batchsize': 1 }, '(did you mean batchSize?) as settings, got "batchsize"'],
    ['run.json', { 'settings.plateau': {} }, 'FILE to have settings.plateau.factor, found none'],
    ['run.json', { settings: [] }, 'FILE to hold an object as settings, got a list of 0'],
    ['run.json', { 'versions.node': 20 }, 'FILE to hold a text as versions.node, got 20'],
    [
      'history.json',
      { '1.epoch': 2 },
      'FILE to hold one record per epoch, in the order of the epochs, got a list of 2',
    ],
    ['history.json', { '0.loss': 'NaN' }, 'FILE to hold a number or null as [0].loss, got "NaN"'],
    ['history.json', { '0.accuracy': 1.1 }, 'FILE to hold a number from 0 to 1 as [0].accuracy, got 1.1'],
    ['history.json', { '1.seconds': -1 }, 'FILE to hold a number >= 0 as [1].seconds, got -1'],
    ['history.json', { '1.metrics': [] }, 'FILE to hold an object as [1].metrics, got a list of 0'],
    [
      'summary.json',
      { classNames: ['a', 'a'] },
      'FILE to hold texts that differ from each other as classNames',
    ],
    [
      'summary.json',
      { classNames: ['a', 'b'] },
      'a row and a column for each of the 2 classes as test.confusion',
    ],
    [
      'summary.json',
      { 'test.confusion.1': [1, 2] },
      'for each of the 3 classes as test.confusion, got a list of 3',
    ],
    [
      'summary.json',
      { 'test.confusion.1.2': -1 },
      'FILE to hold an integer >= 0 as test.confusion[1][2], got -1',
    ],
    ['summary.json', { 'best.loss': {} }, 'FILE to hold a number or null as best.loss, got an object'],
    [
      'summary.json',
      { parameters: 2 ** 60 },
      'FILE to hold an integer >= 0 as parameters, got 1152921504606847000',
    ],
  ];
  it.each(refusals)('refuses in %s %j', async (file, changes, message) => {
    const store = await storeRun({ [file]: changeFile(file, changes) });
    const error: unknown = await readRun(store).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(message.replace('FILE', `memory/${file}`));
  });

  it('names a file that is not JSON, and a folder without a run', async () => {
    const store = await storeRun();
    await writeText(store, 'history.json', '[{"epoch": 0');
    await expect(readRun(store)).rejects.toThrow('Expected memory/history.json to be JSON: ');
    await expect(readRun(memoryStore())).rejects.toThrow('found no run.json in memory');
  });
});

it('every reader of a run folder refuses the same settings', async () => {
  const broken = await storeRun({ 'run.json': changeFile('run.json', { 'settings.batchSize': -5 }) });
  const { settings } = savedRun['run.json'];
  const readers = [
    () => readRun(broken),
    () => openModel(broken),
    () => runProgress(broken, settings),
    async () => compareRuns([await storeRun(), broken]),
  ];
  for (const read of readers)
    await expect(read()).rejects.toThrow(
      new InputError('Expected settings.batchSize of memory/run.json to be an integer >= 1, got -5'),
    );
});
