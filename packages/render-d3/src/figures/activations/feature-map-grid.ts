import {
  expectRecord,
  expectInteger,
  expectOptions,
  imagePosition,
  type FeatureMaps,
  type Images,
  type LayerGradients,
  type OptionNames,
} from '@convlens/core';
import { imageTile } from '../../charts/image-tile.js';
import { layoutTiles, renderTiles, tileSize } from '../../charts/tiles.js';
import { chooseFilters, meanMagnitude, type FilterChoice } from '../../drawing/choose-filters.js';
import { renderFigure } from '../../drawing/figure.js';
import { expectCount } from '../../drawing/guards.js';
import { targetName } from '../../drawing/heatmap.js';
import { labelName } from '../../drawing/images.js';
import { featureMapValues } from '../../drawing/raster.js';
import { appendGroup } from '../../drawing/svg.js';
import {
  FEATURE_MAP_OPTIONS,
  featureMapTiles,
  isGradient,
  type FeatureMapOptions,
} from './feature-map-tiles.js';

export interface FeatureMapGridOptions extends FeatureMapOptions {
  /** The position of an image in the record; default 0. */
  readonly image?: number;
  /**
   * The channels to show: a list in this order, 'all', or `{ top: 32 }`, those with the largest mean magnitude for the image.
   * Default: all, but no more than the first 64.
   */
  readonly filters?: FilterChoice;
  /** The largest number of columns, >= 1; default 8. */
  readonly columns?: number;
}

const FEATURE_MAP_GRID_OPTIONS: OptionNames<FeatureMapGridOptions> = {
  ...FEATURE_MAP_OPTIONS,
  image: true,
  filters: true,
  columns: true,
};

/** Between the input and the maps, in pixels. */
const INPUT_GAP = 24;

/** The input image as a grid of one tile, at least as large as a map. */
function layoutInput(input: Images, index: number, mapWidth: number) {
  const size = tileSize(input, Math.max(88, mapWidth));
  return layoutTiles([{ tiles: [imageTile(input, index)] }], { size });
}

/** "Feature maps of relu1: cat #3", "Gradients of cat at relu1: dog #5". */
function titleOf(
  maps: FeatureMaps,
  index: number,
  target: string | undefined,
  input: Images | undefined,
): string {
  const label = (input && labelName(input, imagePosition(input, index))) ?? 'image';
  return `${target ? `Gradients of ${target} at` : 'Feature maps of'} ${maps.layer}: ${label} #${index}`;
}

/** The target of the gradients of one image; undefined for feature maps. */
function gradientTarget(maps: FeatureMaps, image: number, input: Images | undefined): string | undefined {
  if (!isGradient(maps)) return undefined;
  const heatmap = { classIndex: maps.classIndices[image], target: maps.target };
  return targetName(heatmap, input?.classNames ?? []);
}

/**
 * The feature maps of a layer for one image, with the largest value below each. Gradients at a layer have
 * diverging colors, white at zero.
 */
export function featureMapGrid(
  maps: FeatureMaps | LayerGradients,
  options: FeatureMapGridOptions = {},
): SVGSVGElement {
  expectOptions('featureMapGrid', options, FEATURE_MAP_GRID_OPTIONS);
  expectRecord('FeatureMaps', 'record', maps);
  const { image = 0, input, columns = 8, width = Infinity } = options;
  expectInteger('image', image, { max: maps.count - 1 });
  expectCount('columns', columns);
  const { filters, text } = chooseFilters(options.filters, {
    available: maps.channels,
    strengthOf: (channel) => meanMagnitude(featureMapValues(maps, { image, channel })),
  });
  const { rows, caption } = featureMapTiles(maps, options, { filters, images: [image] });
  const tilesPerRow = Math.min(columns, filters.length);
  const size = tileSize(maps, Math.min(88, Math.max(40, 800 / tilesPerRow)));
  const index = maps.indices[image];
  const inputGrid = input && layoutInput(input, index, size.width);
  const left = inputGrid ? inputGrid.width + INPUT_GAP : 0;
  const grid = layoutTiles([{ tiles: rows[0] }], {
    size,
    gap: tilesPerRow > 10 ? 6 : 8,
    columns,
    width: width - left,
  });
  const target = gradientTarget(maps, image, input);
  const heading = {
    title: titleOf(maps, index, target, input),
    subtitle:
      `${text} ${maps.channels === 1 ? 'map' : 'maps'} of ${maps.height} × ${maps.width}. ${caption}` +
      (target ? ' Red: positive gradient, blue: negative gradient.' : ''),
    width: left + grid.width,
  };
  return renderFigure(options, heading, (body) => {
    const mapsHeight = renderTiles(appendGroup(body, { x: left }), grid);
    return Math.max(mapsHeight, inputGrid ? renderTiles(body, inputGrid) : 0);
  });
}
