import type { GeometryDefinition } from '../definition.js';

/** Exchanges top and bottom with probability 0.5 (Keras: vertical_flip). */
export interface VerticalFlip {
  readonly kind: 'verticalFlip';
}

export const verticalFlip: GeometryDefinition<VerticalFlip> = {
  id: 'verticalFlip',
  family: 'geometry',
  keyword: 'vflip',
  schema: {},
  sample: (_, random, geometry) => {
    geometry.flipVertical = random() < 0.5;
  },
};
