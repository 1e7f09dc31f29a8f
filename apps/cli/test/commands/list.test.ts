import { idsOf } from '@convlens/core';
import { ARCHITECTURES } from '@convlens/models';
import { DATASETS, EXPLAIN_METHODS } from '@convlens/pipeline';
import { ALL_RECIPES } from '@convlens/reproduce';
import { describe, expect, it } from 'vitest';
import { convlens } from '../convlens.js';

describe('convlens list', () => {
  it.each([
    ['models', ARCHITECTURES],
    ['recipes', ALL_RECIPES],
    ['methods', EXPLAIN_METHODS],
    ['data', DATASETS],
  ])('%s prints one line per entry of the registry', async (name, registry) => {
    const lines = (await convlens('list', name)).stdout.trim().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(idsOf(registry));
  });

  it('prints the title of each recipe', async () => {
    const lines = (await convlens('list', 'recipes')).stdout.trim().split('\n');
    expect(lines.find((line) => line.startsWith('A '))).toMatch(/^A +project A, six convolutions .*84\.98%/);
  });

  it('refuses an unknown list', async () => {
    expect(await convlens('list', 'metods')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('one of models, recipes, methods, figures, data, pretrained'),
    });
  });
});
