import { joinRanges, momentsOf, rangeOf, signedRangeOf, type Range } from './numbers.js';

/**
 * How values become colours. `map`: each map from its own smallest to its own largest value; `shared`: all from the
 * smallest to the largest of those drawn; `standardized`: each map from 2 standard deviations below its mean to 2 above,
 * which is (value - mean) / (std + 1e-5) x 64 + 128, clipped to a byte; `signed`: each map from minus its largest magnitude
 * to plus that, zero in the middle.
 */
export const MAP_SCALES = ['map', 'shared', 'standardized', 'signed'] as const;
export type MapScale = (typeof MAP_SCALES)[number];

function standardizedRange(values: Float32Array): Range {
  const { mean, std } = momentsOf(values);
  // So that a constant map becomes the middle grey.
  const reach = 2 * (std + 1e-5);
  return { low: mean - reach, high: mean + reach };
}

/** The range of each of some maps. */
export function scaleRanges(planes: readonly Float32Array[], scale: MapScale): Range[] {
  if (scale === 'standardized') return planes.map(standardizedRange);
  if (scale === 'signed') return planes.map(signedRangeOf);
  const ranges = planes.map(rangeOf);
  if (scale === 'map') return ranges;
  const all = joinRanges(ranges);
  return ranges.map(() => all);
}

/** What the reader is told of it. */
export const SCALE_TEXT: Readonly<Record<MapScale, string>> = {
  map: 'Each map is normalized on its own',
  shared: 'All maps share one scale',
  standardized: 'Each map is standardized: mean ± 2 standard deviations',
  signed: 'Each map runs as far below zero as above it',
};
