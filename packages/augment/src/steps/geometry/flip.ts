import type { GeometryDefinition } from '../definition.js';

/** Exchanges left and right with probability 0.5 (Keras: horizontal_flip). */
export interface Flip {
  readonly kind: 'flip';
  /**
   * Whether the flip is random in the first epoch only and then alternates from epoch to epoch, so that every
   * two consecutive epochs contain both sides of an image: the alternating flip of Jordan (2024). Default
   * false.
   */
  readonly alternating?: boolean;
}

export const flip: GeometryDefinition<Flip> = {
  id: 'flip',
  family: 'geometry',
  keyword: 'flip',
  schema: { alternating: { type: 'boolean', optional: true } },
  seedEpoch: ({ alternating }, epoch) => (alternating ? 0 : epoch),
  sample: ({ alternating = false }, random, geometry, { epoch }) => {
    geometry.flip = random() < 0.5 !== (alternating && epoch % 2 === 1);
  },
};
