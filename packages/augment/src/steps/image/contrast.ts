import type { ImageDefinition } from '../definition.js';
import { checkFactorRange, factorRangeSchema, sampleFactor, type FactorRange } from '../factor-range.js';
import { BLUE_LUMINANCE, FACTOR_SCHEMA, GREEN_LUMINANCE, RED_LUMINANCE, scaleAround } from './color.js';

/**
 * Scales the distance of all values from the mean luminance of the image, by a factor from 1 - fraction to 1
 * + fraction (0 to 1), or from low to high (0 to 100); clips to 0..255 (torchvision: ColorJitter(contrast)).
 * Of images that do not have three channels: from the mean of all values.
 */
export interface Contrast extends FactorRange {
  readonly kind: 'contrast';
}

export interface ContrastOperation {
  readonly kind: 'contrast';
  readonly factor: number;
}

export const contrast: ImageDefinition<Contrast, ContrastOperation> = {
  id: 'contrast',
  family: 'image',
  keyword: 'contrast',
  mainOption: 'fraction',
  schema: factorRangeSchema({ fraction: 1, high: 100 }),
  check: checkFactorRange,
  sample: (step, random) => ({ kind: 'contrast', factor: sampleFactor(step, random) }),
  operationSchema: FACTOR_SCHEMA,
  apply: ({ pixels, channels }, { factor }) => {
    let sum = 0;
    if (channels === 3)
      for (let i = 0; i < pixels.length; i += 3)
        sum += RED_LUMINANCE * pixels[i] + GREEN_LUMINANCE * pixels[i + 1] + BLUE_LUMINANCE * pixels[i + 2];
    else for (const value of pixels) sum += value;
    scaleAround(pixels, factor, (sum * (channels === 3 ? 3 : 1)) / pixels.length);
  },
};
