import type { GeometryDefinition } from './definition.js';

/**
 * Moves by up to `fraction` (0 to 1) of the width to the left or right, and of the height up or down; not by whole
 * pixels (Keras: width_shift_range and height_shift_range).
 */
export interface Shift {
  readonly kind: 'shift';
  readonly fraction: number;
}

export const shift: GeometryDefinition<Shift> = {
  word: 'shift',
  main: 'fraction',
  options: { fraction: { type: 'number', min: 0, max: 1 } },
  draw: ({ fraction }, random, drawn, { height, width }) => {
    drawn.shiftColumns += fraction * (2 * random() - 1) * width;
    drawn.shiftRows += fraction * (2 * random() - 1) * height;
  },
};
