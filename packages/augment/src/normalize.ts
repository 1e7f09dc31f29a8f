import { InputError } from '@convlens/core';
import type { ImageDefinition } from './definition.js';

/**
 * (value - mean) / std, a mean and a std a channel or one for all, on the scale that the values have by then (torchvision:
 * Normalize; Keras: featurewise_center and featurewise_std_normalization). Values leave the scale 0..255, so train with
 * the preprocessing IDENTITY of core; where every image is treated alike, core's Preprocessing is the better place.
 */
export interface Normalize {
  readonly kind: 'normalize';
  /** One number, or one a channel. */
  readonly mean: readonly number[];
  /** One number, or one a channel, each >= 1e-9. */
  readonly std: readonly number[];
}

const options = { mean: { type: 'numbers' }, std: { type: 'numbers', min: 1e-9 } } as const;

export const normalize: ImageDefinition<Normalize, Normalize> = {
  word: 'normalize',
  main: 'mean',
  options,
  draw: ({ mean, std }) => ({ kind: 'normalize', mean, std }),
  drawn: options,
  apply: ({ pixels, channels }, { mean, std }) => {
    for (const [name, list] of Object.entries({ mean, std }))
      if (list.length !== 1 && list.length !== channels)
        throw new InputError(
          `Expected normalize.${name} to be 1 or ${channels} numbers, got ${list.length}: ${list.join(', ')}`,
        );
    for (let c = 0; c < channels; c++) {
      const centre = mean[mean.length === 1 ? 0 : c];
      const spread = std[std.length === 1 ? 0 : c];
      for (let i = c; i < pixels.length; i += channels) pixels[i] = (pixels[i] - centre) / spread;
    }
  },
};
