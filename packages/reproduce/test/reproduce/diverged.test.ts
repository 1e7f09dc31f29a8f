import { memoryStore } from '@convlens/storage';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALL_RECIPES, planReproduction, reproduce } from '../../src/index.js';
import { load, options } from './project-e.js';

beforeAll(async () => void (await tf.setBackend('simd')));
afterAll(async () => void (await tf.setBackend('cpu')));

it('a project whose training diverges is refused with the epoch, also when it is reproduced again', async () => {
  const { settings } = ALL_RECIPES.find(({ id }) => id === 'E')!;
  const recipe = { id: 'E', title: '', settings: { ...settings, learningRate: 1e30, epochs: 1 } };
  const store = memoryStore();
  for (let time = 0; time < 2; time++) {
    const plan = await planReproduction('E', { store, load, recipes: [recipe] });
    await expect(reproduce(plan, options)).rejects.toMatchObject({
      name: 'DivergedError',
      message: expect.stringMatching(/^The training diverged in epoch 1 \(.*\); no model is kept\./),
    });
    expect(await store.read('results.json')).toBeUndefined();
  }
});
