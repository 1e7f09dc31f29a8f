import { expectOneOf, type OptimizedImage } from '@convlens/core';
import { meanAndStd } from '../../drawing/numbers.js';
import { encodeRaster, type Raster } from '../../drawing/raster.js';

/**
 * How the pixels of an optimized image become colors. `clipped`: clipped to 0..255. `standardized`: each
 * image shifted and scaled to mean 0.5 and standard deviation 0.1 of the range 0..255, then clipped.
 */
export const TONE_MAPPINGS = ['clipped', 'standardized'] as const;
export type ToneMapping = (typeof TONE_MAPPINGS)[number];

const leavesRange = ({ pixels }: OptimizedImage) => pixels.some((pixel) => pixel < -0.5 || pixel > 255.5);

/** `toneMapping`, or the default: 'standardized' if any image leaves 0..255, else 'clipped'. */
export const resolveToneMapping = (
  images: readonly OptimizedImage[],
  toneMapping?: ToneMapping,
): ToneMapping =>
  expectOneOf(
    'toneMapping',
    toneMapping ?? (images.some(leavesRange) ? 'standardized' : 'clipped'),
    TONE_MAPPINGS,
  );

export function optimizedImageRaster(image: OptimizedImage, toneMapping: ToneMapping): Raster {
  const { pixels } = image;
  const { mean, std } = meanAndStd(pixels);
  const gain = 25.5 / (std + 1e-5);
  const bytes = Uint8ClampedArray.from(pixels, (pixel) =>
    toneMapping === 'clipped' ? pixel : 127.5 + (pixel - mean) * gain,
  );
  return encodeRaster(bytes, image);
}
