import {
  expectLength,
  expectImages,
  expectOneOf,
  type FeatureMaps,
  type Images,
  type LayerGradients,
  type OptionNames,
} from '@convlens/core';
import { chunkRows, type Tile } from '../../charts/tiles.js';
import { colorTable, type ColorMap } from '../../drawing/color-maps.js';
import {
  COLOR_SCALES,
  COLOR_SCALE_TEXT,
  colorScaleExtents,
  type ColorScale,
} from '../../drawing/color-scale.js';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { formatValue } from '../../drawing/format.js';
import { argMax } from '../../drawing/numbers.js';
import { featureMapValues, mapRaster } from '../../drawing/raster.js';

/** The options that figures of feature maps share. */
export interface FeatureMapOptions extends FigureOptions {
  /** Default 'viridis'; 'diverging' for gradients. */
  readonly colorMap?: ColorMap;
  /** How values become colors; default 'per-map', or 'signed' with the diverging color map. */
  readonly scale?: ColorScale;
  /** Whether the largest value is below each map; default true. */
  readonly showMax?: boolean;
  /** The images that `indices` of the record refers to, to show the input first; default: none. */
  readonly input?: Images;
}

export const FEATURE_MAP_OPTIONS: OptionNames<FeatureMapOptions> = {
  ...FIGURE_OPTIONS,
  colorMap: true,
  scale: true,
  showMax: true,
  input: true,
};

export const isGradient = (maps: FeatureMaps): maps is LayerGradients => 'classIndices' in maps;

/**
 * Feature maps as tiles: one row per image, one column per filter.
 *
 * @param selection `filters`: channels of the layer; `images`: positions in the record
 * @throws InputError if the record or an option is invalid
 */
export function featureMapTiles(
  maps: FeatureMaps,
  options: FeatureMapOptions,
  { filters, images }: { filters: readonly number[]; images: readonly number[] },
): { rows: Tile[][]; caption: string } {
  const { colorMap = isGradient(maps) ? 'diverging' : 'viridis', showMax = true, input } = options;
  const { scale = colorMap === 'diverging' ? 'signed' : 'per-map' } = options;
  const { width, height } = maps;
  expectOneOf('scale', scale, COLOR_SCALES);
  expectLength('maps.values', maps.values, maps.count * height * width * maps.channels);
  if (input) expectImages('input', input);
  const table = colorTable(colorMap);
  const valuesPerMap = images.flatMap((image) =>
    filters.map((channel) => featureMapValues(maps, { image, channel })),
  );
  const extents = colorScaleExtents(valuesPerMap, scale);
  const noun = scale === 'signed' ? 'largest magnitude' : 'largest value';
  const tiles = valuesPerMap.map((values, i): Tile => {
    const extent = extents[i];
    const filter = filters[i % filters.length];
    const index = maps.indices[images[Math.floor(i / filters.length)]];
    const largest =
      scale === 'signed' ? `±${formatValue(extent.high)}` : formatValue(values[argMax(values)] ?? NaN);
    return {
      raster: mapRaster({ values, width, height }, { table, extent }),
      datum: { index, filter },
      tooltip: `${images.length > 1 ? `image ${index}, ` : ''}filter ${filter}, ${noun} ${largest}`,
      captions: [{ text: String(filter), end: showMax ? largest : undefined }],
    };
  });
  return {
    rows: chunkRows(tiles, filters.length),
    caption: `${COLOR_SCALE_TEXT[scale]} (${colorMap}). Under each: filter${showMax ? `, ${noun}` : ''}.`,
  };
}
