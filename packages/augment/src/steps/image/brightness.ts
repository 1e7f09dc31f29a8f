import type { ImageDefinition } from '../definition.js';
import { checkFactorRange, factorRangeSchema, sampleFactor, type FactorRange } from '../factor-range.js';
import { FACTOR_SCHEMA, scaleAround } from './color.js';

/**
 * Multiplies all values by a factor from 1 - fraction to 1 + fraction (0 to 1), or from low to high (0 to
 * 100); clips to 0..255 (torchvision: ColorJitter(brightness); Keras: brightness_range, which rounds down to
 * integers).
 */
export interface Brightness extends FactorRange {
  readonly kind: 'brightness';
}

export interface BrightnessOperation {
  readonly kind: 'brightness';
  readonly factor: number;
}

export const brightness: ImageDefinition<Brightness, BrightnessOperation> = {
  id: 'brightness',
  family: 'image',
  keyword: 'brightness',
  mainOption: 'fraction',
  schema: factorRangeSchema({ fraction: 1, high: 100 }),
  check: checkFactorRange,
  sample: (step, random) => ({ kind: 'brightness', factor: sampleFactor(step, random) }),
  operationSchema: FACTOR_SCHEMA,
  apply: ({ pixels }, { factor }) => scaleAround(pixels, factor, 0),
};
