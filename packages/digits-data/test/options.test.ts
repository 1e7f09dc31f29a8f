import { memoryStore } from '@convlens/storage';
import { describe, expect, it } from 'vitest';
import * as api from '../src/index.js';

const LOADERS = {
  loadFashionMnist: api.loadFashionMnist,
  loadGeneratedSvhn: api.loadGeneratedSvhn,
  loadMnist: api.loadMnist,
  loadSvhn: api.loadSvhn,
};

describe('an unknown option is refused', () => {
  it('by every exported function', () => {
    const functions = Object.entries(api).filter(([, value]) => typeof value === 'function');
    expect(functions.map(([name]) => name).sort()).toEqual(Object.keys(LOADERS).sort());
  });

  it.each(Object.entries(LOADERS))('by %s, which rejects', async (name, load) => {
    await expect(load(memoryStore(), { limits: 1 } as object)).rejects.toThrow(
      `of ${name}, got "limits"; did you mean limit?`,
    );
    await expect(load(memoryStore(), { limit: 0 })).rejects.toThrow('Expected limit to be an integer >= 1');
  });
});
