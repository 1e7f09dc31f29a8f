import {
  expectImages,
  expectInteger,
  expectNumber,
  InputError,
  type Heatmap,
  type Images,
} from '@convlens/core';
import { openFigure } from './figure.js';
import { countOf } from './format.js';
import { heatColors, heatRaster } from './heat.js';
import type { HeatmapOverlayOptions } from './heatmap-overlay.js';
import { classNameOf, nameOfClass, positionOf } from './images.js';
import { inputTile } from './feature-map-grid.js';
import { imageRaster } from './raster.js';
import { drawTiles, inRows, tileSize, tilesWidth, type Tile, type TileRow } from './tiles.js';

export interface HeatmapComparisonOptions extends HeatmapOverlayOptions {
  /** Heatmaps side by side before a row breaks, from 1; 6. */
  readonly columns?: number;
}

/** Heatmaps over their images, a row an image, such as those of several methods or several classes. */
export function heatmapComparison(
  { heatmaps, images }: { readonly heatmaps: readonly Heatmap[]; readonly images: Images },
  options: HeatmapComparisonOptions = {},
): SVGSVGElement {
  expectImages('images', images);
  const { colorMap, opacity = 0.5, columns = 6 } = options;
  expectNumber('opacity', opacity, { min: 0, max: 1 });
  expectInteger('columns', columns, { min: 1 });
  if (!heatmaps.length) throw new InputError('Expected heatmaps to hold at least one, got none');
  const indices = [...new Set(heatmaps.map(({ index }) => index))];
  const groups = indices.map((index) => heatmaps.filter((heatmap) => heatmap.index === index));
  const across = Math.min(columns, Math.max(...groups.map((group) => group.length)));
  const size = tileSize(images, 128);
  const methods = [...new Set(heatmaps.map(({ method }) => method))];
  const { body, palette, close } = openFigure(options, {
    title: methods.length === 1 ? methods[0] : `${countOf(methods.length, 'method')} compared`,
    subtitle: 'Heatmaps over their images. Under each: method, and the class it speaks of.',
    description: heatmaps
      .map(
        ({ method, index, classIndex }) =>
          `${method} of image ${index} for ${nameOfClass(images.classNames, classIndex)}.`,
      )
      .join(' '),
    width: tilesWidth(across + 1, { size }),
  });
  const rows = groups.flatMap((group): TileRow[] => {
    const position = positionOf(images, group[0].index);
    const tiles = group.map((heatmap): Tile => {
      const target = nameOfClass(images.classNames, heatmap.classIndex);
      return {
        raster: imageRaster(images, position),
        over: { raster: heatRaster(heatmap, colorMap ?? heatColors(heatmap)), opacity },
        hint: `${heatmap.method} of #${heatmap.index} (${classNameOf(images, position) ?? 'image'}) for ${target}`,
        captions: [{ text: heatmap.method, bold: true, color: palette.ink }, { text: `for ${target}` }],
      };
    });
    const input = inputTile(images, group[0].index, palette.ink);
    return inRows(tiles, across).map((row, i) => ({ tiles: i ? row : [input, ...row], indent: i ? 1 : 0 }));
  });
  return close(drawTiles(body, rows, { size, palette }));
}
