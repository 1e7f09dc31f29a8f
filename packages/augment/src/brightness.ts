import { FACTOR, stretch } from './blend.js';
import type { ImageDefinition } from './definition.js';
import { checkSpread, drawFactor, spreadOptions, type Spread } from './spread.js';

/**
 * Multiplies all values by a factor from 1 - fraction to 1 + fraction (0 to 1), or from low to high (0 to 100), and cuts
 * at 255 (torchvision: ColorJitter(brightness); Keras: brightness_range, which rounds down to whole levels).
 */
export interface Brightness extends Spread {
  readonly kind: 'brightness';
}

/** The factor. */
export interface BrightnessChange {
  readonly kind: 'brightness';
  readonly factor: number;
}

export const brightness: ImageDefinition<Brightness, BrightnessChange> = {
  word: 'brightness',
  main: 'fraction',
  options: spreadOptions({ fraction: 1, high: 100 }),
  check: checkSpread,
  draw: (step, random) => ({ kind: 'brightness', factor: drawFactor(step, random) }),
  drawn: FACTOR,
  apply: ({ pixels }, { factor }) => stretch(pixels, factor, 0),
};
