import { randomAt } from '@convlens/core';
import type { ImageDefinition } from './definition.js';

/**
 * Adds to every value a number of its own, normally distributed with the standard deviation `std` (0 to 255 levels), and
 * cuts at 0 and 255 (torchvision: v2.GaussianNoise, clip=True; Keras: RandomGaussianNoise).
 */
export interface Noise {
  readonly kind: 'noise';
  readonly std: number;
}

/** The noise is a function of these two. */
export interface NoiseChange {
  readonly kind: 'noise';
  readonly std: number;
  readonly seed: number;
}

export const noise: ImageDefinition<Noise, NoiseChange> = {
  word: 'noise',
  main: 'std',
  options: { std: { type: 'number', min: 0, max: 255 } },
  draw: ({ std }, random) => ({ kind: 'noise', std, seed: random() * 2 ** 32 }),
  drawn: { std: { type: 'number', min: 0 }, seed: { type: 'number' } },
  apply: ({ pixels }, { std, seed }) => {
    const random = randomAt(seed, 'noise');
    // Box and Muller (1958) make two normal numbers of two uniform ones.
    for (let i = 0; i < pixels.length; i += 2) {
      const radius = std * Math.sqrt(-2 * Math.log(1 - random()));
      const angle = 2 * Math.PI * random();
      const first = pixels[i] + radius * Math.cos(angle);
      pixels[i] = first < 0 ? 0 : first > 255 ? 255 : first;
      if (i + 1 === pixels.length) return;
      const second = pixels[i + 1] + radius * Math.sin(angle);
      pixels[i + 1] = second < 0 ? 0 : second > 255 ? 255 : second;
    }
  },
};
