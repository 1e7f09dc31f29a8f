import { memoryStore } from '@convlens/storage';
import { describe, expect, it } from 'vitest';
import * as reproduction from '../src/index.js';
import { load, options } from './reproduce/project-e.js';

const store = memoryStore();
const plan = { name: 'E', title: '', scale: 1, models: [] };

/** Calls each function with an options object that has an unknown option. */
const callsWithOptions: Readonly<Record<string, (unknown: object) => unknown>> = {
  planReproduction: (unknown) => reproduction.planReproduction('E', { ...unknown, store, load }),
  reproduce: (unknown) => reproduction.reproduce(plan, { ...unknown, ...options }),
  writeResultsPages: (unknown) =>
    reproduction.writeResultsPages(store, { ...unknown, pages: store, toPng: () => new Uint8Array() }),
};

/** Functions without an options object. */
const withoutOptions = [
  'compareResults',
  'findProject',
  'projectNames',
  'readResults',
  'readResultsPages',
  'runFolders',
];

describe('every function with options', () => {
  it('is in one of the lists of this test', () => {
    const functions = Object.entries(reproduction).flatMap(([name, value]) =>
      typeof value === 'function' ? [name] : [],
    );
    expect([...Object.keys(callsWithOptions), ...withoutOptions].sort()).toEqual(functions.sort());
  });

  it.each(Object.entries(callsWithOptions))('%s refuses an unknown option', async (name, call) => {
    const refused = (async () => call({ unheardOf: 1 }))();
    await expect(refused).rejects.toThrow(`of ${name}, got "unheardOf"`);
  });

  it('the nearest option is named', async () => {
    const refused = (async () => callsWithOptions.planReproduction({ generateSVHN: true }))();
    await expect(refused).rejects.toThrow('did you mean generateSvhn?');
  });
});
