import { expectLength } from '@convlens/core';
import type { Heatmap, Images } from '@convlens/core';
import { colorTable, type ColorMap } from './color-maps.js';
import { formatValue } from './format.js';
import { className } from './images.js';
import { extent, symmetricExtent, type Extent } from './numbers.js';
import { mapRaster, type Raster } from './raster.js';

type HeatmapMethod = Pick<Heatmap, 'method' | 'methodTitle'>;
type HeatmapTarget = Pick<Heatmap, 'classIndex' | 'target'>;

/** The name of an attribution method as its paper writes it; its id if the record has no title. */
export const methodName = ({ method, methodTitle = method }: HeatmapMethod): string => methodTitle;

/**
 * The extent of the values of a heatmap: symmetric around zero if it is signed, else from zero, so that a map of ones differs
 * from one of zeros.
 */
export function heatmapExtent({ values, signed }: Heatmap): Extent {
  if (signed) return symmetricExtent(values);
  const { low, high } = extent(values);
  return { low: Math.min(0, low), high: Math.max(0, high) };
}

/** What the caption says of a heatmap with one value everywhere; empty for others. */
export function constantText({ values }: Heatmap): string {
  const { low, high } = extent(values);
  return low === high ? ` The heatmap is ${formatValue(low)} everywhere.` : '';
}

/** The target of a heatmap: a class name or the text of the record; undefined if it has no target. */
export function targetName({ classIndex, target }: HeatmapTarget, classNames: readonly string[]) {
  return classIndex < 0 ? target : className(classNames, classIndex);
}

/** "for cat", the target; "at relu2", the layer of a heatmap without target. */
export function targetPhrase(heatmap: Heatmap, { classNames }: Images): string {
  const target = targetName(heatmap, classNames);
  return target === undefined ? `at ${heatmap.layer}` : `for ${target}`;
}

/** The default color map of a heatmap. */
export const heatmapColorMap = ({ signed }: Heatmap): ColorMap => (signed ? 'diverging' : 'inferno');

export function heatmapRaster(heatmap: Heatmap, colorMap: ColorMap): Raster {
  const { width, height, values } = heatmap;
  expectLength('heatmap.values', values, width * height);
  return mapRaster(heatmap, { table: colorTable(colorMap), extent: heatmapExtent(heatmap) });
}
