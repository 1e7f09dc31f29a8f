import type { Random } from '@convlens/core';

/** Slants by up to `degrees` (0 to 89) either way (Keras: shear_range). */
export interface Shear {
  readonly kind: 'shear';
  readonly degrees: number;
}

export const shear = {
  word: 'shear',
  amount: { field: 'degrees', min: 0, max: 89 },
  draw: ({ degrees }: Shear, random: Random) => ({ shear: degrees * (2 * random() - 1) }),
} as const;
