import type { ImageDefinition } from '../definition.js';

/**
 * Multiplies all values by `factor` (Keras: rescale). Values leave the scale 0..255: train with core's
 * preprocessing IDENTITY.
 */
export interface Rescale {
  readonly kind: 'rescale';
  readonly factor: number;
}

export const rescale: ImageDefinition<Rescale, Rescale> = {
  id: 'rescale',
  family: 'image',
  keyword: 'rescale',
  mainOption: 'factor',
  schema: { factor: { type: 'number' } },
  sample: ({ factor }) => ({ kind: 'rescale', factor }),
  operationSchema: { factor: { type: 'number' } },
  apply: ({ pixels }, { factor }) => {
    for (let i = 0; i < pixels.length; i++) pixels[i] *= factor;
  },
};
