import { expect, it } from 'vitest';
import { memoryStore, readJson, readText, writeJson, writeText } from '../src/index.js';

it('writes texts and JSON in UTF-8 and reads them back; a missing file is undefined', async () => {
  const store = memoryStore();
  await writeText(store, 'notes.md', 'größer');
  await writeJson(store, 'run.json', { epochs: 3 });
  expect(await readText(store, 'notes.md')).toBe('größer');
  expect(await readText(store, 'run.json')).toBe('{\n  "epochs": 3\n}\n');
  expect(await readJson(store, 'run.json')).toEqual({ epochs: 3 });
  expect([await readText(store, 'other'), await readJson(store, 'other')]).toEqual([undefined, undefined]);
});

it('names a file that is not JSON', async () => {
  const store = memoryStore();
  await writeText(store, 'run.json', '{ "epochs":');
  await expect(readJson(store, 'run.json')).rejects.toThrow('Expected memory/run.json to be JSON: ');
});

it('writes JSON with another indent, or in one line', async () => {
  const store = memoryStore();
  const written = async (indent: number) => {
    await writeJson(store, 'a.json', { a: [1] }, { indent });
    return readText(store, 'a.json');
  };
  expect(await written(0)).toBe('{"a":[1]}');
  expect(await written(1)).toBe('{\n "a": [\n  1\n ]\n}\n');
  await expect(written(11)).rejects.toThrow('Expected indent to be an integer from 0 to 10, got 11');
});
