import { expect, it } from 'vitest';
import { nonFiniteWeight } from '../../src/index.js';

const weight = (id: number, name: string, ...values: number[]) => ({
  id,
  name,
  originalName: name,
  read: () => ({ data: () => Promise.resolve(Float32Array.from(values)) }),
});
const model = (...weights: ReturnType<typeof weight>[]) => ({
  name: 'model',
  weights,
  layers: [{ name: 'bn', weights }],
});

it('finds the first weight that is not finite, with its first such value', async () => {
  const kernel = weight(0, 'bn/kernel', 1, 3e38, -1e-40, 0);
  expect(await nonFiniteWeight(model(kernel))).toBeUndefined();
  expect(await nonFiniteWeight(model())).toBeUndefined();
  for (const value of [NaN, Infinity, -Infinity]) {
    const moving = weight(1, 'bn/moving_variance', 1, value, NaN);
    expect(await nonFiniteWeight(model(kernel, moving))).toEqual({ name: 'bn/moving_variance', value });
  }
});
