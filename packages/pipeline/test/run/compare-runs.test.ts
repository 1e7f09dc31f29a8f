import { memoryStore, writeJson, type BlobStore } from '@convlens/storage';
import { describe, expect, it } from 'vitest';
import { compareRuns, defaultSettings } from '../../src/index.js';

/** The folder of a run of one epoch at a path. */
async function runAt(location: string, epochs = 1): Promise<BlobStore> {
  const store = memoryStore();
  const settings = { ...defaultSettings, data: 'shapes', model: 'shapes-3conv' };
  await writeJson(store, 'run.json', { settings, backend: 'cpu', versions: {} });
  const records = Array.from({ length: epochs }, (_, epoch) => ({
    epoch,
    learningRate: 0.1,
    loss: 2 - epoch,
    accuracy: 0.5,
    seconds: 1,
    metrics: {},
  }));
  await writeJson(store, 'history.json', records);
  return { ...store, location };
}

const namesOf = async (...locations: string[]) =>
  (await compareRuns(await Promise.all(locations.map((location) => runAt(location))))).runs.map(
    ({ name }) => name,
  );

describe('compareRuns names a run by the shortest end of its path that distinguishes it', () => {
  it.each<[string[], string[]]>([
    [
      ['runs/a', 'runs/b'],
      ['a', 'b'],
    ],
    [
      ['runs/a/', 'runs/b/'],
      ['a', 'b'],
    ],
    [
      ['runs/a//', 'runs/b'],
      ['a', 'b'],
    ],
    [
      ['a/run', 'b/run'],
      ['a/run', 'b/run'],
    ],
    [
      ['a/run/', 'b/run'],
      ['a/run', 'b/run'],
    ],
    [
      ['C:\\x\\a\\', 'C:\\x\\b'],
      ['a', 'b'],
    ],
    [
      ['x/a/run', 'y/a/run', 'y/b/run'],
      ['x/a/run', 'y/a/run', 'y/b/run'],
    ],
    [
      ['/a', '/b', '/c'],
      ['a', 'b', 'c'],
    ],
    [
      ['a', 'a'],
      ['a', 'a'],
    ],
    [
      ['/home/anna/runs/a', '/home/anna/runs/a', '/home/anna/other/a'],
      ['runs/a', 'runs/a', 'other/a'],
    ],
  ])('%j are %j', async (locations, names) => {
    expect(await namesOf(...locations)).toEqual(names);
  });
});

describe('compareRuns refuses', () => {
  it.each([
    [0, 'got none'],
    [1, 'got 1'],
  ])('%i runs', async (count, message) => {
    const stores = await Promise.all(Array.from({ length: count }, (_, i) => runAt(`runs/${i}`)));
    await expect(compareRuns(stores)).rejects.toThrow(`Expected at least two runs to compare, ${message}`);
  });

  it('a run without a finished epoch', async () => {
    const stores = [await runAt('runs/a'), await runAt('runs/b', 0)];
    await expect(compareRuns(stores)).rejects.toThrow('Expected runs/b to hold a finished epoch');
  });
});
