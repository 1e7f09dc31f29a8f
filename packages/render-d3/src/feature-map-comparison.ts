import type { FeatureMaps } from '@convlens/core';
import { inputTile, mapTiles, type MapOptions } from './feature-map-grid.js';
import { drawFigure } from './figure.js';
import { countOf } from './format.js';
import { selectFilters } from './select-filters.js';
import { drawTiles, placeTiles, tileSize } from './tiles.js';

export interface FeatureMapComparisonOptions extends MapOptions {
  /** Which channels, in this order; the first 8. */
  readonly filters?: readonly number[];
}

/** The same filters across several images: a row an image, a column a filter. */
export function featureMapComparison(
  maps: FeatureMaps,
  options: FeatureMapComparisonOptions = {},
): SVGSVGElement {
  const { input } = options;
  const filters = selectFilters(options.filters, maps.channels, 8);
  const { rows, said } = mapTiles(maps, options, { filters, images: Array.from(maps.indices, (_, i) => i) });
  const place = placeTiles(
    rows.map((tiles, i) => ({
      tiles: input ? [inputTile(input, maps.indices[i]), ...tiles] : tiles,
    })),
    { size: tileSize(input ?? maps, 84) },
  );
  const heading = {
    title: `Filters of ${maps.layer} across ${countOf(maps.count, 'image')}`,
    subtitle: `A row an image, a column a filter. ${said}`,
    description: `Images ${maps.indices.join(', ')}.`,
    width: place.width,
  };
  return drawFigure(options, heading, (body) => drawTiles(body, place));
}
