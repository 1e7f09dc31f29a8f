import type { GeometryDefinition } from './definition.js';

/** Mirrors top and bottom, every other image on average (Keras: vertical_flip). */
export interface VerticalFlip {
  readonly kind: 'verticalFlip';
}

export const verticalFlip: GeometryDefinition<VerticalFlip> = {
  word: 'vflip',
  options: {},
  draw: (_, random, drawn) => {
    drawn.flipVertical = random() < 0.5;
  },
};
