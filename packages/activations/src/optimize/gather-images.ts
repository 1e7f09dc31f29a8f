import { expectNumber, expectOneOf, InputError, type Images, type OptimizedImage } from '@convlens/core';

export interface GatherImagesOptions {
  /**
   * What becomes of pixels beyond 0..255, and of weak contrast. 'none' (default): they stay as they are, as the model saw
   * them. 'clipped': cut to 0..255. 'standardized': every image to one mean and one deviation, then cut.
   */
  contrast?: 'none' | 'clipped' | 'standardized';
  /** For 'standardized', of 0..255; default 127.5. */
  mean?: number;
  /** For 'standardized', of 0..255; default 25.5, a tenth (as Keras's example of filter visualization has it). */
  std?: number;
}

/** Images that were made by optimization as a set of images: to be drawn, or shown to a model. */
export function gatherImages(
  optimized: readonly OptimizedImage[],
  { contrast = 'none', mean = 127.5, std = 25.5 }: GatherImagesOptions = {},
): Images {
  expectOneOf('contrast', contrast, ['none', 'clipped', 'standardized']);
  expectNumber('mean', mean, { min: 0, max: 255 });
  expectNumber('std', std, { min: 0 });
  if (!optimized.length) throw new InputError('Expected at least one optimized image, got none');
  const [{ height, width, channels }] = optimized;
  const size = height * width * channels;
  const pixels = new Float32Array(optimized.length * size);
  optimized.forEach((image, i) => {
    if (image.height !== height || image.width !== width || image.channels !== channels)
      throw new InputError(
        `Expected images of one size, ${height} x ${width} x ${channels}, got one of ` +
          `${image.height} x ${image.width} x ${image.channels}: ${image.name}`,
      );
    pixels.set(
      contrast === 'standardized' ? standardize(image.pixels, { mean, std }) : image.pixels,
      i * size,
    );
  });
  if (contrast !== 'none') pixels.forEach((value, i) => (pixels[i] = Math.min(255, Math.max(0, value))));
  const labels = Int32Array.from(optimized, (_, i) => i);
  const classNames = optimized.map(({ name }) => name);
  return {
    name: 'optimized images',
    pixels,
    labels,
    count: optimized.length,
    height,
    width,
    channels,
    classNames,
  };
}

function standardize(values: Float32Array, { mean, std }: { mean: number; std: number }): Float32Array {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
  const factor = square > 0 ? std / Math.sqrt(square) : 0;
  return values.map((value) => (value - centre) * factor + mean);
}
