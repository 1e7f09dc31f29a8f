import { extent, meanAndStd, symmetricExtent, unionExtent, type Extent } from './numbers.js';

/**
 * How the values of feature maps become colors.
 *
 * - `per-map`: each map from its smallest to its largest value
 * - `shared`: all maps from the smallest to the largest value of the figure
 * - `standardized`: each map from mean - 2 std to mean + 2 std, which is (value - mean) / (std + 1e-5) x 64 +
 *   128, clipped to a byte
 * - `signed`: each map from minus its largest magnitude to plus its largest magnitude, zero in the middle
 */
export const COLOR_SCALES = ['per-map', 'shared', 'standardized', 'signed'] as const;
export type ColorScale = (typeof COLOR_SCALES)[number];

function standardizedExtent(values: Float32Array): Extent {
  const { mean, std } = meanAndStd(values.filter(Number.isFinite));
  // The epsilon gives a constant map the middle color.
  const halfWidth = 2 * (std + 1e-5);
  return { low: mean - halfWidth, high: mean + halfWidth };
}

/** The extent of each map under a color scale. */
export function colorScaleExtents(maps: readonly Float32Array[], scale: ColorScale): Extent[] {
  if (scale === 'standardized') return maps.map(standardizedExtent);
  if (scale === 'signed') return maps.map(symmetricExtent);
  const extents = maps.map(extent);
  if (scale === 'per-map') return extents;
  const shared = unionExtent(extents);
  return extents.map(() => shared);
}

/** The color scales in captions. */
export const COLOR_SCALE_TEXT: Readonly<Record<ColorScale, string>> = {
  'per-map': 'Each map is normalized on its own',
  shared: 'All maps share one scale',
  standardized: 'Each map is standardized: mean ± 2 standard deviations',
  signed: 'Each map has a symmetric scale around zero',
};
