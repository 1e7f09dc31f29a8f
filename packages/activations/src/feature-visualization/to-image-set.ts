import {
  expectRecords,
  expectNumber,
  expectOneOf,
  expectOptions,
  InputError,
  type ImageSet,
  type OptimizedImage,
  type OptionNames,
} from '@convlens/core';

export const CONTRASTS = ['none', 'clipped', 'standardized'] as const;

export interface ToImageSetOptions {
  /**
   * 'none' (default): pixels as they were optimized, possibly outside 0..255. 'clipped': clipped to 0..255.
   * 'standardized': each image with the same mean and standard deviation, then clipped.
   */
  contrast?: (typeof CONTRASTS)[number];
  /** The mean of standardized images, in 0..255; default 127.5. */
  mean?: number;
  /**
   * The standard deviation of standardized images; default 25.5, as in the filter visualization example of
   * Keras.
   */
  std?: number;
}

const TO_IMAGE_SET_OPTIONS: OptionNames<ToImageSetOptions> = { contrast: true, mean: true, std: true };

function standardize(values: Float32Array, { mean, std }: { mean: number; std: number }): Float32Array {
  const center = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length;
  const factor = variance > 0 ? std / Math.sqrt(variance) : 0;
  return values.map((value) => (value - center) * factor + mean);
}

function expectSameSize([first, ...others]: readonly OptimizedImage[]): void {
  const { height, width, channels } = first;
  for (const image of others)
    if (image.height !== height || image.width !== width || image.channels !== channels)
      throw new InputError(
        `Expected images of one size, ${height} x ${width} x ${channels}, got one of ` +
          `${image.height} x ${image.width} x ${image.channels}: ${image.name}`,
      );
}

/**
 * Optimized images as an image set, to render them or to run a model on them. Each image is a class of its
 * own, named after its objective.
 *
 * @throws InputError if there are no images, or they differ in size.
 */
export function toImageSet(optimized: readonly OptimizedImage[], options: ToImageSetOptions = {}): ImageSet {
  expectOptions('toImageSet', options, TO_IMAGE_SET_OPTIONS);
  expectRecords('OptimizedImage', 'optimized', optimized);
  const { contrast = 'none', mean = 127.5, std = 25.5 } = options;
  expectOneOf('contrast', contrast, CONTRASTS);
  expectNumber('mean', mean, { min: 0, max: 255 });
  expectNumber('std', std, { min: 0 });
  if (!optimized.length) throw new InputError('Expected at least one optimized image, got none');
  expectSameSize(optimized);
  const [{ height, width, channels }] = optimized;
  const size = height * width * channels;
  const pixels = new Float32Array(optimized.length * size);
  const valuesOf = (image: OptimizedImage) =>
    contrast === 'standardized' ? standardize(image.pixels, { mean, std }) : image.pixels;
  optimized.forEach((image, i) => pixels.set(valuesOf(image), i * size));
  return {
    kind: 'image-set',
    name: 'optimized images',
    pixels: contrast === 'none' ? pixels : pixels.map((value) => Math.min(255, Math.max(0, value))),
    labels: Int32Array.from(optimized, (_, i) => i),
    count: optimized.length,
    height,
    width,
    channels,
    classNames: optimized.map(({ name }) => name),
  };
}
