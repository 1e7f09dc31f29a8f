import type { ImageDefinition } from './definition.js';

/**
 * Takes each image's own mean from it and divides by its own standard deviation plus 1e-6, both over all its values
 * (Keras: samplewise_center and samplewise_std_normalization). Values leave the scale 0..255, so train with the
 * preprocessing IDENTITY of core.
 */
export interface Standardize {
  readonly kind: 'standardize';
  /** Whether the mean becomes 0; default true. */
  readonly center?: boolean;
  /** Whether the standard deviation becomes 1; default true. */
  readonly scale?: boolean;
}

const EPSILON = 1e-6;
const either = { type: 'boolean', optional: true } as const;

export const standardize: ImageDefinition<Standardize, Standardize> = {
  word: 'standardize',
  options: { center: either, scale: either },
  draw: ({ center = true, scale = true }) => ({ kind: 'standardize', center, scale }),
  drawn: { center: either, scale: either },
  apply: ({ pixels }, { center = true, scale = true }) => {
    let sum = 0;
    for (const value of pixels) sum += value;
    const mean = sum / pixels.length;
    let squares = 0;
    for (const value of pixels) squares += (value - mean) ** 2;
    const std = scale ? Math.sqrt(squares / pixels.length) + EPSILON : 1;
    const shift = center ? mean : 0;
    for (let i = 0; i < pixels.length; i++) pixels[i] = (pixels[i] - shift) / std;
  },
};
