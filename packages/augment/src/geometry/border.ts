export const FILL_MODES = ['nearest', 'reflect', 'wrap', 'constant'] as const;

/**
 * The values outside the image, as in scipy.ndimage: 'nearest' repeats the last pixel (aaaa|abcd|dddd),
 * 'reflect' mirrors at the outer edge (dcba|abcd|dcba), 'wrap' repeats the image with a period of
 * size - 1 (abc|abcd|bcd), 'constant' is one value.
 */
export type FillMode = (typeof FILL_MODES)[number];

/**
 * `coordinate` wrapped into [0, last]. The period is `last`: both ends of the image are the same position.
 */
export function wrapCoordinate(coordinate: number, last: number): number {
  if (coordinate >= 0 && coordinate <= last) return coordinate;
  return last === 0 ? 0 : coordinate - last * Math.floor(coordinate / last);
}

/** The integer `index` mirrored at the outer edges of the range from 0 to size - 1. */
export function reflectIndex(index: number, size: number): number {
  const inPeriod = index - 2 * size * Math.floor(index / (2 * size));
  return inPeriod < size ? inPeriod : 2 * size - 1 - inPeriod;
}
