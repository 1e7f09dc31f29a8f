import { memoryStore } from '@convlens/storage';
import { describe, expect, it } from 'vitest';
import * as api from '../src/index.js';

const LOADERS = { loadCifar10: api.loadCifar10, loadCifar100: api.loadCifar100 };

describe('an unknown option is refused', () => {
  it('by every exported function', () => {
    const functions = Object.entries(api).filter(([, value]) => typeof value === 'function');
    expect(functions.map(([name]) => name).sort()).toEqual(Object.keys(LOADERS).sort());
  });

  it.each(Object.entries(LOADERS))('by %s, which rejects', async (name, load) => {
    await expect(load(memoryStore(), { limits: 1 } as object)).rejects.toThrow(
      `of ${name}, got "limits"; did you mean limit?`,
    );
    await expect(load(memoryStore(), { official: 'no' as never })).rejects.toThrow(
      'Expected official to be true or false, got "no"',
    );
  });
});
