import { expect, it } from 'vitest';
import { memoryStore, substore } from '../src/index.js';

it('reads and changes only the names in its folder', async () => {
  const store = memoryStore();
  const model = substore(store, 'model');
  await store.write('run.json', Uint8Array.of(0));
  await model.write('weights.bin', Uint8Array.of(1));
  expect(await store.list()).toEqual(['model/weights.bin', 'run.json']);
  expect(await model.list()).toEqual(['weights.bin']);
  expect([...(await model.read('weights.bin'))!]).toEqual([1]);
  expect(await model.read('run.json')).toBeUndefined();
  expect(model.location).toBe('memory/model');
  await model.remove('weights.bin');
  expect(await store.list()).toEqual(['run.json']);
});

it('lists by prefix, and can be nested', async () => {
  const store = memoryStore();
  const inner = substore(substore(store, 'runs'), 'first');
  await inner.write('figures/a.svg', Uint8Array.of(1));
  await inner.write('history.json', Uint8Array.of(2));
  expect(await inner.list('figures/')).toEqual(['figures/a.svg']);
  expect(await store.list()).toEqual(['runs/first/figures/a.svg', 'runs/first/history.json']);
});

it('refuses names that lead out of its folder', async () => {
  const store = memoryStore();
  await store.write('run.json', Uint8Array.of(0));
  const model = substore(store, 'model');
  for (const name of ['../run.json', 'a/../../run.json', '/run.json', 'C:/run.json', '..\\run.json'])
    for (const use of [model.read(name), model.write(name, Uint8Array.of(1)), model.remove(name)])
      await expect(use).rejects.toThrow(
        `Expected memory/model to name files inside it, such as "folder/file", got ${JSON.stringify(name)}`,
      );
  expect([...(await store.read('run.json'))!]).toEqual([0]);
});
