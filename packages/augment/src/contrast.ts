import { BLUE, FACTOR, GREEN, RED, stretch } from './blend.js';
import type { ImageDefinition } from './definition.js';
import { checkSpread, drawFactor, spreadOptions, type Spread } from './spread.js';

/**
 * Moves all values away from the mean brightness of the image, or towards it, by a factor from 1 - fraction to
 * 1 + fraction (0 to 1), or from low to high (0 to 100), and cuts at 0 and 255 (torchvision: ColorJitter(contrast)).
 * Images of other than three channels: away from the mean of all values.
 */
export interface Contrast extends Spread {
  readonly kind: 'contrast';
}

/** The factor. */
export interface ContrastChange {
  readonly kind: 'contrast';
  readonly factor: number;
}

export const contrast: ImageDefinition<Contrast, ContrastChange> = {
  word: 'contrast',
  main: 'fraction',
  options: spreadOptions({ fraction: 1, high: 100 }),
  check: checkSpread,
  draw: (step, random) => ({ kind: 'contrast', factor: drawFactor(step, random) }),
  drawn: FACTOR,
  apply: ({ pixels, channels }, { factor }) => {
    let sum = 0;
    if (channels === 3)
      for (let i = 0; i < pixels.length; i += 3)
        sum += RED * pixels[i] + GREEN * pixels[i + 1] + BLUE * pixels[i + 2];
    else for (const value of pixels) sum += value;
    stretch(pixels, factor, (sum * (channels === 3 ? 3 : 1)) / pixels.length);
  },
};
