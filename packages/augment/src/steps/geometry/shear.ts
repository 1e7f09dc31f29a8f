import type { GeometryDefinition } from '../definition.js';

/** Shears by an angle from -degrees to degrees, 0 to 89 (Keras: shear_range). */
export interface Shear {
  readonly kind: 'shear';
  readonly degrees: number;
}

export const shear: GeometryDefinition<Shear> = {
  id: 'shear',
  family: 'geometry',
  keyword: 'shear',
  mainOption: 'degrees',
  schema: { degrees: { type: 'number', min: 0, max: 89 } },
  sample: ({ degrees }, random, geometry) => {
    geometry.shear = degrees * (2 * random() - 1);
  },
};
