import {
  expectImages,
  expectInteger,
  expectNumber,
  expectOneOf,
  InputError,
  type Heatmap,
  type Images,
} from '@convlens/core';
import { openFigure } from './figure.js';
import { countOf } from './format.js';
import { heatColors, heatRaster, targetOf } from './heat.js';
import type { HeatmapOverlayOptions } from './heatmap-overlay.js';
import { classNameOf, positionOf } from './images.js';
import { inputTile } from './feature-map-grid.js';
import { imageRaster } from './raster.js';
import { drawTiles, fitColumns, inRows, tileSize, tilesWidth, type Tile, type TileRow } from './tiles.js';

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
  expectInteger('columns', columns, { min: 1 });
  expectOneOf('place', place, ['over', 'beside']);
  if (!heatmaps.length) throw new InputError('Expected heatmaps to hold at least one, got none');
  const indices = [...new Set(heatmaps.map(({ index }) => index))];
  const groups = indices.map((index) => heatmaps.filter((heatmap) => heatmap.index === index));
  const most = Math.max(...groups.map((group) => group.length));
  const size = tileSize(images, 128);
  const across = Math.max(1, fitColumns(Math.min(columns, most) + 1, { size, ...options }) - 1);
  const methods = [...new Set(heatmaps.map(({ method }) => method))];
  const { body, palette, close } = openFigure(options, {
    title: methods.length === 1 ? methods[0] : `${countOf(methods.length, 'method')} compared`,
    subtitle: `Heatmaps ${place} their images. Under each: method, and what it speaks of.`,
    description: heatmaps
      .map(
        (heatmap) =>
          `${heatmap.method} of image ${heatmap.index} for ${targetOf(heatmap, images.classNames)}.`,
      )
      .join(' '),
    width: tilesWidth(across + 1, { size }),
  });
  const rows = groups.flatMap((group): TileRow[] => {
    const position = positionOf(images, group[0].index);
    const tiles = group.map((heatmap): Tile => {
      const heat = heatRaster(heatmap, colorMap ?? heatColors(heatmap));
      const target = targetOf(heatmap, images.classNames);
      return {
        ...(place === 'over'
          ? { raster: imageRaster(images, position), over: { raster: heat, opacity } }
          : { raster: heat }),
        subject: { index: heatmap.index },
        hint: `${heatmap.method} of #${heatmap.index} (${classNameOf(images, position) ?? 'image'}) for ${target}`,
        captions: [{ text: heatmap.method, bold: true, color: palette.ink }, { text: `for ${target}` }],
      };
    });
    const input = inputTile(images, group[0].index, palette.ink);
    return inRows(tiles, across).map((row, i) => ({ tiles: i ? row : [input, ...row], indent: i ? 1 : 0 }));
  });
  return close(drawTiles(body, rows, { size, palette }));
}
