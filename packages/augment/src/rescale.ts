import type { ImageDefinition } from './definition.js';

/**
 * Multiplies all values by `factor` (Keras: rescale). They leave the scale 0..255, so train with the preprocessing
 * IDENTITY of core.
 */
export interface Rescale {
  readonly kind: 'rescale';
  readonly factor: number;
}

export const rescale: ImageDefinition<Rescale, Rescale> = {
  word: 'rescale',
  main: 'factor',
  options: { factor: { type: 'number' } },
  draw: ({ factor }) => ({ kind: 'rescale', factor }),
  drawn: { factor: { type: 'number' } },
  apply: ({ pixels }, { factor }) => {
    for (let i = 0; i < pixels.length; i++) pixels[i] *= factor;
  },
};
