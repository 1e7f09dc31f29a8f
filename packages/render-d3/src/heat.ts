import { InputError, type Heatmap } from '@convlens/core';
import { nameOfClass } from './images.js';
import { colorTable, type ColorMap } from './color-maps.js';
import { mapRaster, rangeOf, type Range, type Raster } from './raster.js';

/** A signed heatmap has white at zero and runs as far on both sides. */
export function heatRange({ values, signed }: Heatmap): Range {
  const range = rangeOf(values);
  if (!signed) return range;
  const reach = Math.max(Math.abs(range.low), Math.abs(range.high));
  return { low: -reach, high: reach };
}

/** What a heatmap speaks of: a class, or what its target says. */
export const targetOf = ({ classIndex, target }: Heatmap, classNames: readonly string[]): string =>
  classIndex < 0 ? (target ?? 'its target') : nameOfClass(classNames, classIndex);

/** The colours of a heatmap where none are asked for. */
export const heatColors = ({ signed }: Heatmap): ColorMap => (signed ? 'diverging' : 'inferno');

export function heatRaster(heatmap: Heatmap, colorMap: ColorMap): Raster {
  const { width, height, values } = heatmap;
  if (values.length !== width * height)
    throw new InputError(`Expected heatmap.values to hold ${width * height} values, got ${values.length}`);
  return mapRaster(heatmap, { table: colorTable(colorMap), range: heatRange(heatmap) });
}
