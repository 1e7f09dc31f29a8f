import { expect, it } from 'vitest';
import { memoryStore } from '../src/index.js';

it('copies the bytes that it stores and returns', async () => {
  const store = memoryStore();
  const bytes = Uint8Array.of(1);
  await store.write('a', bytes);
  bytes[0] = 2;
  (await store.read('a'))![0] = 3;
  expect([...(await store.read('a'))!]).toEqual([1]);
  expect(store.location).toBe('memory');
});

it('removes a folder, but not names that only begin like it', async () => {
  const store = memoryStore();
  for (const name of ['run/a', 'run/b/c', 'runs', 'run.json']) await store.write(name, new Uint8Array(1));
  await store.remove('run');
  expect(await store.list()).toEqual(['run.json', 'runs']);
});
