import type { GeometryDefinition } from './definition.js';

/** Slants by up to `degrees` (0 to 89) either way (Keras: shear_range). */
export interface Shear {
  readonly kind: 'shear';
  readonly degrees: number;
}

export const shear: GeometryDefinition<Shear> = {
  word: 'shear',
  main: 'degrees',
  options: { degrees: { type: 'number', min: 0, max: 89 } },
  draw: ({ degrees }, random, drawn) => {
    drawn.shear = degrees * (2 * random() - 1);
  },
};
