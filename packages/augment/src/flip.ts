import type { GeometryDefinition } from './definition.js';

/** Mirrors left and right, every other image on average (Keras: horizontal_flip). */
export interface Flip {
  readonly kind: 'flip';
}

export const flip: GeometryDefinition<Flip> = {
  word: 'flip',
  options: {},
  draw: (_, random, drawn) => {
    drawn.flip = random() < 0.5;
  },
};
