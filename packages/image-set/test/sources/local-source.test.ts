import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { localSource } from '../../src/node.js';

const at = (name: string) => fileURLToPath(new URL(`../fixtures/containers${name}`, import.meta.url));

it('localSource opens a folder, a file, and a path where nothing is as an empty folder', async () => {
  const folder = await localSource(at(''));
  expect('list' in folder && (await folder.list('hub/')).length).toBe(2);
  expect(await localSource(at('/pets.npz'))).toMatchObject({ name: at('/pets.npz'), bytes: 5013 });
  const nothing = await localSource(at('/nothing'));
  expect('list' in nothing && (await nothing.list())).toEqual([]);
});
