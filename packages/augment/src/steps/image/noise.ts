import { randomAt } from '@convlens/core';
import type { ImageDefinition } from '../definition.js';

/**
 * Adds Gaussian noise: to each value an independent normal number with the standard deviation `std` (0 to
 * 255); clips to 0..255 (torchvision: v2.GaussianNoise, clip=True; Keras: RandomGaussianNoise).
 */
export interface Noise {
  readonly kind: 'noise';
  readonly std: number;
}

/** The noise is a function of `std` and `seed`. */
export interface NoiseOperation {
  readonly kind: 'noise';
  readonly std: number;
  readonly seed: number;
}

export const noise: ImageDefinition<Noise, NoiseOperation> = {
  id: 'noise',
  family: 'image',
  keyword: 'noise',
  mainOption: 'std',
  schema: { std: { type: 'number', min: 0, max: 255 } },
  sample: ({ std }, random) => ({ kind: 'noise', std, seed: random() * 2 ** 32 }),
  operationSchema: { std: { type: 'number', min: 0 }, seed: { type: 'number' } },
  apply: ({ pixels }, { std, seed }) => {
    const random = randomAt(seed, 'noise');
    // Box and Muller (1958): two uniform numbers become two normal numbers.
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
