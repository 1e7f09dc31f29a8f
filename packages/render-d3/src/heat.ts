import type { Heatmap, Images } from '@convlens/core';
import { expectLength } from './checks.js';
import { nameOfClass } from './images.js';
import { colorTable, type ColorMap } from './color-maps.js';
import { rangeOf, signedRangeOf, type Range } from './numbers.js';
import { mapRaster, type Raster } from './raster.js';

/** A signed heatmap has white at zero and runs as far on both sides. */
export const heatRange = ({ values, signed }: Heatmap): Range =>
  signed ? signedRangeOf(values) : rangeOf(values);

/** What a heatmap speaks of: a class, or what its target says; undefined where it explains nothing. */
export const targetOf = (
  { classIndex, target }: Pick<Heatmap, 'classIndex' | 'target'>,
  classNames: readonly string[],
): string | undefined => (classIndex < 0 ? target : nameOfClass(classNames, classIndex));

/** The same in words, or where it was found: "for cat", "at relu2". */
export const aboutOf = (heatmap: Heatmap, { classNames }: Images): string => {
  const target = targetOf(heatmap, classNames);
  return target === undefined ? `at ${heatmap.layer}` : `for ${target}`;
};

/** The colours of a heatmap where none are asked for. */
export const heatColors = ({ signed }: Heatmap): ColorMap => (signed ? 'diverging' : 'inferno');

export function heatRaster(heatmap: Heatmap, colorMap: ColorMap): Raster {
  const { width, height, values } = heatmap;
  expectLength('heatmap.values', values, width * height);
  return mapRaster(heatmap, { table: colorTable(colorMap), range: heatRange(heatmap) });
}
