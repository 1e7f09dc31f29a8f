import { describe, expect, it } from 'vitest';
import * as browser from '../src/browser.js';
import * as storage from '../src/index.js';
import * as node from '../src/node.js';

const WITH_OPTIONS = ['writeJson'];
const WITHOUT_OPTIONS = [
  'downloadStore',
  'folderStore',
  'indexedDBStore',
  'memoryStore',
  'readJson',
  'readText',
  'substore',
  'writeFileAtomically',
  'writeText',
];

describe('an unknown option is refused', () => {
  it('by every exported function with options', () => {
    const functions = Object.entries({ ...browser, ...storage, ...node }).filter(
      ([, value]) => typeof value === 'function',
    );
    expect(functions.map(([name]) => name).sort()).toEqual([...WITH_OPTIONS, ...WITHOUT_OPTIONS].sort());
  });

  it('by writeJson, which rejects', async () => {
    const writing = storage.writeJson(storage.memoryStore(), 'a.json', {}, { ident: 2 } as object);
    await expect(writing).rejects.toThrow(
      'Expected the options indent of writeJson, got "ident"; did you mean indent?',
    );
  });
});
