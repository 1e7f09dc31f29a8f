import { describe, expect, it } from 'vitest';
import * as browser from '../src/browser.js';
import * as storage from '../src/index.js';
import * as node from '../src/node.js';

const WITH_OPTIONS = ['lockFolder', 'openOutputFolder', 'readRegularFile', 'resolveArrays', 'writeJson'];
const WITHOUT_OPTIONS = [
  'callbackState',
  'closedObject',
  'dictionary',
  'distinctTexts',
  'downloadStore',
  'expectReader',
  'expectRegularFile',
  'expectSchema',
  'expectStore',
  'finiteNumber',
  'floatArray',
  'folderStore',
  'guarded',
  'hostId',
  'indexedDBStore',
  'integer',
  'isProcessAlive',
  'list',
  'machineId',
  'memoryStore',
  'metric',
  'oneOf',
  'openObject',
  'parseJson',
  'readJson',
  'readText',
  'substore',
  'whyReadOnly',
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

  it('by readRegularFile, which rejects', async () => {
    await expect(node.readRegularFile('a', { maxByte: 1 } as object)).rejects.toThrow(
      'Expected the options maxBytes of readRegularFile, got "maxByte"; did you mean maxBytes?',
    );
  });

  it('by resolveArrays', () => {
    const options = { arrayField: 'a', numberField: 'n', floats: new Float32Array(0), arrayfield: 'b' };
    expect(() => storage.resolveArrays({}, 'a.bin', options)).toThrow(
      'got "arrayfield"; did you mean arrayField?',
    );
  });

  it('by writeJson, which rejects', async () => {
    const writing = storage.writeJson(storage.memoryStore(), 'a.json', {}, { ident: 2 } as object);
    await expect(writing).rejects.toThrow(
      'Expected the options indent of writeJson, got "ident"; did you mean indent?',
    );
  });

  it.each(['lockFolder', 'openOutputFolder'] as const)('by %s, which rejects', async (name) => {
    await expect(node[name]('unused', { comand: 'x' } as object)).rejects.toThrow(
      `of ${name}, got "comand"; did you mean command?`,
    );
  });
});
