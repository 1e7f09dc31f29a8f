import { InputError } from '@convlens/core';
import type { ImageDefinition } from '../definition.js';

/**
 * (value - mean) / std with one mean and std per channel or one for all, on the scale that the values have at
 * this step (torchvision: Normalize; Keras: featurewise_center and featurewise_std_normalization). Values
 * leave the scale 0..255: train with core's preprocessing IDENTITY. To normalize all images in the same way,
 * core's Preprocessing is the better place, because it is saved with the model.
 */
export interface Normalize {
  readonly kind: 'normalize';
  /** One number, or one per channel. */
  readonly mean: readonly number[];
  /** One number, or one per channel, each >= 1e-9. */
  readonly std: readonly number[];
}

const schema = { mean: { type: 'numbers' }, std: { type: 'numbers', min: 1e-9 } } as const;

export const normalize: ImageDefinition<Normalize, Normalize> = {
  id: 'normalize',
  family: 'image',
  keyword: 'normalize',
  mainOption: 'mean',
  schema,
  sample: ({ mean, std }) => ({ kind: 'normalize', mean, std }),
  operationSchema: schema,
  apply: ({ pixels, channels }, { mean, std }) => {
    for (const [name, list] of Object.entries({ mean, std }))
      if (list.length !== 1 && list.length !== channels)
        throw new InputError(
          `Expected normalize.${name} to be 1 or ${channels} numbers, got ${list.length}: ${list.join(', ')}`,
        );
    for (let c = 0; c < channels; c++) {
      const channelMean = mean[mean.length === 1 ? 0 : c];
      const channelStd = std[std.length === 1 ? 0 : c];
      for (let i = c; i < pixels.length; i += channels) pixels[i] = (pixels[i] - channelMean) / channelStd;
    }
  },
};
