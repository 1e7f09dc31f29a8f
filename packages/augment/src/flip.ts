import type { GeometryDefinition } from './definition.js';

/** Mirrors left and right, every other image on average (Keras: horizontal_flip). */
export interface Flip {
  readonly kind: 'flip';
  /**
   * Whether chance is asked in the first epoch alone, and from then on each image shows its sides in turn, so that any two
   * epochs in a row have seen both: the alternating flip of Jordan (2024). Default false.
   */
  readonly alternating?: boolean;
}

export const flip: GeometryDefinition<Flip> = {
  word: 'flip',
  options: { alternating: { type: 'boolean', optional: true } },
  streamEpoch: ({ alternating }, epoch) => (alternating ? 0 : epoch),
  draw: ({ alternating = false }, random, drawn, { epoch }) => {
    drawn.flip = random() < 0.5 !== (alternating && epoch % 2 === 1);
  },
};
