import { expectImages, type FeatureMaps } from '@convlens/core';
import { colorTable } from './color-maps.js';
import { expectMaps, inputTile, type MapOptions } from './feature-map-grid.js';
import { openFigure } from './figure.js';
import { countOf, formatValue } from './format.js';
import { SCALE_TEXT, scaleRanges } from './map-scale.js';
import { mapRaster, planeOf, rangeOf } from './raster.js';
import { selectFilters } from './select-filters.js';
import { drawTiles, tileSize, tilesWidth, type Tile, type TileRow } from './tiles.js';

export interface FeatureMapComparisonOptions extends MapOptions {
  /** Which channels, in this order; the first 8. */
  readonly filters?: readonly number[];
}

/** The same filters across several images: a row an image, a column a filter. */
export function featureMapComparison(
  maps: FeatureMaps,
  options: FeatureMapComparisonOptions = {},
): SVGSVGElement {
  const { input, colorMap = 'viridis', scale = 'map', showMax = true } = options;
  expectMaps(maps, { colorMap, scale });
  if (input) expectImages('input', input);
  const all = Array.from({ length: maps.channels }, (_, i) => i);
  const filters = selectFilters(options.filters, { available: all, fallback: all.slice(0, 8) });
  const planes = maps.indices.flatMap((_, image) =>
    filters.map((channel) => planeOf(maps, { image, channel })),
  );
  const ranges = scaleRanges(planes, scale);
  const size = tileSize(input ?? maps, 84);
  const columns = filters.length + (input ? 1 : 0);
  const { body, palette, close } = openFigure(options, {
    title: `Filters of ${maps.layer} across ${countOf(maps.count, 'image')}`,
    subtitle:
      `A row an image, a column a filter. ${SCALE_TEXT[scale]} (${colorMap}).` +
      (showMax ? ' Under each: filter, largest value.' : ''),
    description:
      `${countOf(filters.length, 'feature map')} of layer ${maps.layer} for each of ` +
      `${countOf(maps.count, 'image')}: ${maps.indices.join(', ')}.`,
    width: tilesWidth(columns, { size }),
  });
  const table = colorTable(colorMap);
  const rows = maps.indices.map((index, row): TileRow => {
    const tiles = filters.map((filter, column): Tile => {
      const i = row * filters.length + column;
      const high = formatValue(rangeOf(planes[i]).high);
      return {
        raster: mapRaster(
          { values: planes[i], width: maps.width, height: maps.height },
          { table, range: ranges[i] },
        ),
        subject: { index, filter },
        hint: `image ${index}, filter ${filter}, largest value ${high}`,
        captions: [{ text: String(filter), end: showMax ? high : undefined }],
      };
    });
    return { tiles: input ? [inputTile(input, index, palette.ink), ...tiles] : tiles };
  });
  return close(drawTiles(body, rows, { size, palette }));
}
