import { InputError } from '@convlens/core';
import { BLUE, FACTOR, GREEN, RED } from './blend.js';
import type { ImageDefinition } from './definition.js';
import { checkSpread, drawFactor, spreadOptions, type Spread } from './spread.js';

/**
 * Moves every colour away from the grey of the same brightness, or towards it, by a factor from 1 - fraction to
 * 1 + fraction (0 to 1), or from low to high (0 to 100), and cuts at 0 and 255 (torchvision: ColorJitter(saturation)).
 * Grey images stay as they are; an InputError for images of two or four channels.
 */
export interface Saturation extends Spread {
  readonly kind: 'saturation';
}

/** The factor. */
export interface SaturationChange {
  readonly kind: 'saturation';
  readonly factor: number;
}

export const saturation: ImageDefinition<Saturation, SaturationChange> = {
  word: 'saturation',
  main: 'fraction',
  options: spreadOptions({ fraction: 1, high: 100 }),
  check: checkSpread,
  draw: (step, random) => ({ kind: 'saturation', factor: drawFactor(step, random) }),
  drawn: FACTOR,
  apply: ({ pixels, channels }, { factor }) => {
    if (channels === 1) return;
    if (channels !== 3)
      throw new InputError(`Expected images of 1 or 3 channels to change saturation, got ${channels}`);
    for (let i = 0; i < pixels.length; i += 3) {
      const grey = RED * pixels[i] + GREEN * pixels[i + 1] + BLUE * pixels[i + 2];
      for (let c = i; c < i + 3; c++) {
        const value = factor * pixels[c] + (1 - factor) * grey;
        pixels[c] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  },
};
