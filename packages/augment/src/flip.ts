import type { Random } from '@convlens/core';

/** Mirrors left and right, every other image on average (Keras: horizontal_flip). */
export interface Flip {
  readonly kind: 'flip';
}

export const flip = {
  word: 'flip',
  amount: undefined,
  draw: (_: Flip, random: Random) => ({ flip: random() < 0.5 }),
} as const;
