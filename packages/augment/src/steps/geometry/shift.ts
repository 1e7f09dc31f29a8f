import type { GeometryDefinition } from '../definition.js';

/**
 * Shifts by up to `fraction` (0 to 1) of the width to either side and of the height up or down, also by parts
 * of a pixel (Keras: width_shift_range and height_shift_range).
 */
export interface Shift {
  readonly kind: 'shift';
  readonly fraction: number;
}

export const shift: GeometryDefinition<Shift> = {
  id: 'shift',
  family: 'geometry',
  keyword: 'shift',
  mainOption: 'fraction',
  schema: { fraction: { type: 'number', min: 0, max: 1 } },
  sample: ({ fraction }, random, geometry, { height, width }) => {
    geometry.shiftColumns += fraction * (2 * random() - 1) * width;
    geometry.shiftRows += fraction * (2 * random() - 1) * height;
  },
};
