import { InputError } from '@convlens/core';
import type { ImageDefinition } from '../definition.js';
import { checkFactorRange, factorRangeSchema, sampleFactor, type FactorRange } from '../factor-range.js';
import { BLUE_LUMINANCE, FACTOR_SCHEMA, GREEN_LUMINANCE, RED_LUMINANCE } from './color.js';

/**
 * Scales the distance of every color from the gray of the same luminance, by a factor from 1 - fraction to 1
 * + fraction (0 to 1), or from low to high (0 to 100); clips to 0..255 (torchvision:
 * ColorJitter(saturation)). Images of one channel stay as they are; images of two or four channels are an
 * InputError.
 */
export interface Saturation extends FactorRange {
  readonly kind: 'saturation';
}

export interface SaturationOperation {
  readonly kind: 'saturation';
  readonly factor: number;
}

export const saturation: ImageDefinition<Saturation, SaturationOperation> = {
  id: 'saturation',
  family: 'image',
  keyword: 'saturation',
  mainOption: 'fraction',
  schema: factorRangeSchema({ fraction: 1, high: 100 }),
  check: checkFactorRange,
  sample: (step, random) => ({ kind: 'saturation', factor: sampleFactor(step, random) }),
  operationSchema: FACTOR_SCHEMA,
  apply: ({ pixels, channels }, { factor }) => {
    if (channels === 1) return;
    if (channels !== 3)
      throw new InputError(`Expected images of 1 or 3 channels to change saturation, got ${channels}`);
    for (let i = 0; i < pixels.length; i += 3) {
      const luminance =
        RED_LUMINANCE * pixels[i] + GREEN_LUMINANCE * pixels[i + 1] + BLUE_LUMINANCE * pixels[i + 2];
      for (let c = i; c < i + 3; c++) {
        const value = factor * pixels[c] + (1 - factor) * luminance;
        pixels[c] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  },
};
