import {
  expectImages,
  expectNumber,
  expectOneOf,
  methodName,
  type Heatmap,
  type Images,
} from '@convlens/core';
import { expectCount, expectSome } from './checks.js';
import { inputTile } from './feature-map-grid.js';
import { countOf } from './format.js';
import { aboutOf, heatColors, heatRaster } from './heat.js';
import type { HeatmapOverlayOptions } from './heatmap-overlay.js';
import { classNameOf, positionOf } from './images.js';
import { imageRaster } from './raster.js';
import { drawTileFigure, tileSize, type Tile } from './tiles.js';

export interface HeatmapComparisonOptions extends HeatmapOverlayOptions {
  /** Heatmaps side by side before a row breaks, from 1; 6. */
  readonly columns?: number;
  /** Whether heatmaps lie over their images ('over', at `opacity`) or beside them ('beside', as they are); over. */
  readonly place?: 'over' | 'beside';
}

/** Heatmaps over their images, a row an image, such as those of several methods or several classes. */
export function heatmapComparison(
  { heatmaps, images }: { readonly heatmaps: readonly Heatmap[]; readonly images: Images },
  options: HeatmapComparisonOptions = {},
): SVGSVGElement {
  expectImages('images', images);
  const { colorMap, opacity = 0.5, columns = 6, place = 'over' } = options;
  expectNumber('opacity', opacity, { min: 0, max: 1 });
  expectOneOf('place', place, ['over', 'beside']);
  expectSome(heatmaps, 'heatmap');
  const indices = [...new Set(heatmaps.map(({ index }) => index))];
  const groups = indices.map((index) => heatmaps.filter((heatmap) => heatmap.index === index));
  const methods = [...new Set(heatmaps.map(({ method }) => methodName(method)))];
  const tileOf = (heatmap: Heatmap): Tile => {
    const { index } = heatmap;
    const name = methodName(heatmap.method);
    const position = positionOf(images, index);
    const raster = heatRaster(heatmap, colorMap ?? heatColors(heatmap));
    return {
      ...(place === 'over'
        ? { raster: imageRaster(images, position), over: { raster, opacity } }
        : { raster }),
      subject: { index },
      hint: `${name} of #${index} (${classNameOf(images, position) ?? 'image'}) ${aboutOf(heatmap, images)}`,
      captions: [{ text: name, bold: true }, { text: aboutOf(heatmap, images) }],
    };
  };
  return drawTileFigure(options, {
    title: methods.length === 1 ? methods[0] : `${countOf(methods.length, 'method')} compared`,
    subtitle: `Heatmaps ${place} their images. Under each: method, and what it speaks of.`,
    description: heatmaps
      .map(
        (heatmap) => `${methodName(heatmap.method)} of image ${heatmap.index} ${aboutOf(heatmap, images)}.`,
      )
      .join(' '),
    size: tileSize(images, 128),
    // The image itself stands before its heatmaps.
    columns: expectCount('columns', columns) + 1,
    bands: groups.map((group, g) => ({ lead: inputTile(images, indices[g]), tiles: group.map(tileOf) })),
  });
}
