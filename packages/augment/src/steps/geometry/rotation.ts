import type { GeometryDefinition } from '../definition.js';

/** Rotates about the center by an angle from -degrees to degrees, 0 to 180 (Keras: rotation_range). */
export interface Rotation {
  readonly kind: 'rotation';
  readonly degrees: number;
}

export const rotation: GeometryDefinition<Rotation> = {
  id: 'rotation',
  family: 'geometry',
  keyword: 'rotate',
  mainOption: 'degrees',
  schema: { degrees: { type: 'number', min: 0, max: 180 } },
  sample: ({ degrees }, random, geometry) => {
    geometry.rotation = degrees * (2 * random() - 1);
  },
};
