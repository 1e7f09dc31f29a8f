import type { ImageDefinition } from '../definition.js';

/**
 * Subtracts the mean of each image and divides by its standard deviation plus 1e-6, both over all its values
 * (Keras: samplewise_center and samplewise_std_normalization). Values leave the scale 0..255: train with
 * core's preprocessing IDENTITY.
 */
export interface Standardize {
  readonly kind: 'standardize';
  /** Whether the mean is subtracted; default true. */
  readonly center?: boolean;
  /** Whether values are divided by the standard deviation; default true. */
  readonly scale?: boolean;
}

const EPSILON = 1e-6;
const optionalBoolean = { type: 'boolean', optional: true } as const;

export const standardize: ImageDefinition<Standardize, Standardize> = {
  id: 'standardize',
  family: 'image',
  keyword: 'standardize',
  schema: { center: optionalBoolean, scale: optionalBoolean },
  sample: ({ center = true, scale = true }) => ({ kind: 'standardize', center, scale }),
  operationSchema: { center: optionalBoolean, scale: optionalBoolean },
  apply: ({ pixels }, { center = true, scale = true }) => {
    let sum = 0;
    for (const value of pixels) sum += value;
    const mean = sum / pixels.length;
    let squares = 0;
    for (const value of pixels) squares += (value - mean) ** 2;
    const std = scale ? Math.sqrt(squares / pixels.length) + EPSILON : 1;
    const subtracted = center ? mean : 0;
    for (let i = 0; i < pixels.length; i++) pixels[i] = (pixels[i] - subtracted) / std;
  },
};
