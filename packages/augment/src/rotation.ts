import type { GeometryDefinition } from './definition.js';

/** Turns about the centre by up to `degrees` (0 to 180) either way (Keras: rotation_range). */
export interface Rotation {
  readonly kind: 'rotation';
  readonly degrees: number;
}

export const rotation: GeometryDefinition<Rotation> = {
  word: 'rotate',
  main: 'degrees',
  options: { degrees: { type: 'number', min: 0, max: 180 } },
  draw: ({ degrees }, random, drawn) => {
    drawn.rotation = degrees * (2 * random() - 1);
  },
};
