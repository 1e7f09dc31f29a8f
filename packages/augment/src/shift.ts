import type { Random } from '@convlens/core';

/**
 * Moves by up to `fraction` (0 to 1) of the width to the left or right, and of the height up or down; not by whole
 * pixels (Keras: width_shift_range and height_shift_range).
 */
export interface Shift {
  readonly kind: 'shift';
  readonly fraction: number;
}

export const shift = {
  word: 'shift',
  amount: { field: 'fraction', min: 0, max: 1 },
  draw: ({ fraction }: Shift, random: Random, { height, width }: { height: number; width: number }) => ({
    shiftColumns: fraction * (2 * random() - 1) * width,
    shiftRows: fraction * (2 * random() - 1) * height,
  }),
} as const;
