import type { GeometryDefinition } from './definition.js';
import { checkSpread, drawFactor, spreadOptions, type Spread } from './spread.js';

/**
 * Stretches or shrinks width and height, each by a factor of its own from 1 - fraction to 1 + fraction (0 to 0.99), or
 * from low to high (0.01 to 100; Keras: zoom_range). The factor multiplies coordinates: below 1 the image grows.
 */
export interface Zoom extends Spread {
  readonly kind: 'zoom';
}

export const zoom: GeometryDefinition<Zoom> = {
  word: 'zoom',
  main: 'fraction',
  options: spreadOptions({ fraction: 0.99, low: 0.01, high: 100 }),
  check: checkSpread,
  draw: (step, random, drawn) => {
    drawn.zoomColumns = drawFactor(step, random);
    drawn.zoomRows = drawFactor(step, random);
  },
};
