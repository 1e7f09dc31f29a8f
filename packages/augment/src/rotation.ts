import type { Random } from '@convlens/core';

/** Turns about the centre by up to `degrees` (0 to 180) either way (Keras: rotation_range). */
export interface Rotation {
  readonly kind: 'rotation';
  readonly degrees: number;
}

export const rotation = {
  word: 'rotate',
  amount: { field: 'degrees', min: 0, max: 180 },
  draw: ({ degrees }: Rotation, random: Random) => ({ rotation: degrees * (2 * random() - 1) }),
} as const;
