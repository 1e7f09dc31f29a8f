import { randomAt } from '@convlens/core';

/** The seed of one layer's initial weights: a function of the model's seed and the layer's name alone. */
export function initializerSeed(seed: number, layer: string): number {
  return Math.floor(randomAt(seed, 'weights', layer)() * 2 ** 31);
}
