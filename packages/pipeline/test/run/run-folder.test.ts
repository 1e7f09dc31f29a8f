import { memoryStore, writeJson } from '@convlens/storage';
import { expect, it } from 'vitest';
import { readRun } from '../../src/index.js';

it('reads the NaN of a diverged run, which JSON stores as null', async () => {
  const store = memoryStore();
  await writeJson(store, 'run.json', { settings: {} });
  await writeJson(store, 'history.json', [
    { epoch: 0, learningRate: 0.1, loss: NaN, accuracy: 0.1, seconds: 1, metrics: {} },
  ]);
  const [record] = (await readRun(store)).history;
  expect(record).toEqual({
    epoch: 0,
    learningRate: 0.1,
    loss: NaN,
    accuracy: 0.1,
    seconds: 1,
    metrics: {},
  });
});
