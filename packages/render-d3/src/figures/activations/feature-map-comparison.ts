import { expectRecord, expectOptions, formatCount, type FeatureMaps, type OptionNames } from '@convlens/core';
import { imageTile } from '../../charts/image-tile.js';
import { layoutTiles, renderTiles, tileSize } from '../../charts/tiles.js';
import { renderFigure } from '../../drawing/figure.js';
import { selectFilters } from '../../drawing/select-filters.js';
import { FEATURE_MAP_OPTIONS, featureMapTiles, type FeatureMapOptions } from './feature-map-tiles.js';

export interface FeatureMapComparisonOptions extends FeatureMapOptions {
  /** The channels to show, in this order; default: the first 8. */
  readonly filters?: readonly number[];
}

const FEATURE_MAP_COMPARISON_OPTIONS: OptionNames<FeatureMapComparisonOptions> = {
  ...FEATURE_MAP_OPTIONS,
  filters: true,
};

/** The feature maps of the same filters for several images: one row per image, one column per filter. */
export function featureMapComparison(
  maps: FeatureMaps,
  options: FeatureMapComparisonOptions = {},
): SVGSVGElement {
  expectOptions('featureMapComparison', options, FEATURE_MAP_COMPARISON_OPTIONS);
  expectRecord('FeatureMaps', 'record', maps);
  const { input } = options;
  const { layer, count, channels, indices } = maps;
  const filters = selectFilters({
    name: 'filters',
    selected: options.filters,
    available: channels,
    limit: 8,
  });
  const { rows, caption } = featureMapTiles(maps, options, { filters, images: indices.map((_, i) => i) });
  const bands = rows.map((tiles, i) => ({ tiles: input ? [imageTile(input, indices[i]), ...tiles] : tiles }));
  const grid = layoutTiles(bands, { size: tileSize(input ?? maps, 84) });
  const heading = {
    title: `Filters of ${layer} across ${formatCount(count, 'image')}`,
    subtitle: `One row per image, one column per filter. ${caption}`,
    description: `Images ${indices.join(', ')}.`,
    width: grid.width,
  };
  return renderFigure(options, heading, (body) => renderTiles(body, grid));
}
