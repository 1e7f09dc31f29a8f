import {
  expectImages,
  expectOptions,
  formatCount,
  InputError,
  type FeatureMaps,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { imageTile } from '../../charts/image-tile.js';
import { renderTileFigure, type Tile } from '../../charts/tiles.js';
import { colorTable, type ColorMap } from '../../drawing/color-maps.js';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { formatValue } from '../../drawing/format.js';
import { expectNonEmpty } from '../../drawing/guards.js';
import { extent } from '../../drawing/numbers.js';
import { mapRaster } from '../../drawing/raster.js';

export interface LayerProgressionOptions extends FigureOptions {
  /** The images that `indices` of the records refers to, shown first; default: none. */
  readonly input?: Images;
  /** Default 'viridis'. */
  readonly colorMap?: ColorMap;
  /** The largest number of columns, >= 1; default 8. */
  readonly columns?: number;
}

const LAYER_PROGRESSION_OPTIONS: OptionNames<LayerProgressionOptions> = {
  ...FIGURE_OPTIONS,
  input: true,
  colorMap: true,
  columns: true,
};

/** The longer side of a tile in pixels. */
const SIDE = 92;

/** The units of a dense layer in row-major order, as nearly square as possible; NaN after the last unit. */
function unitGrid(maps: FeatureMaps, image: number) {
  const width = Math.ceil(Math.sqrt(maps.channels));
  const height = Math.ceil(maps.channels / width);
  const units = maps.values.subarray(image * maps.channels, (image + 1) * maps.channels);
  return { width, height, values: Float32Array.from({ length: width * height }, (_, i) => units[i] ?? NaN) };
}

/** The mean over the channels of the feature maps of one image: height x width values. */
function channelMean(maps: FeatureMaps, image: number) {
  const { height, width, channels, values } = maps;
  const means = new Float64Array(height * width);
  for (let position = 0; position < means.length; position++) {
    const first = (image * means.length + position) * channels;
    for (let c = 0; c < channels; c++) means[position] += values[first + c] / channels;
  }
  return { width, height, values: means };
}

/** One layer for one image: the mean over the channels; the units of a dense layer. */
function layerTile(maps: FeatureMaps, image: number, table: Uint8Array): Tile {
  const { layer, width, height, channels, indices } = maps;
  const isDense = height * width === 1;
  const map = isDense ? unitGrid(maps, image) : channelMean(maps, image);
  const range = extent(map.values);
  const [low, high] = [range.low, range.high].map(formatValue);
  return {
    raster: mapRaster(map, { table, extent: range }),
    tooltip: `${layer}, image ${indices[image]}: from ${low} to ${high}`,
    captions: [
      { text: layer, bold: true },
      { text: isDense ? `${channels} units` : `${height}×${width}×${channels}` },
    ],
  };
}

/** Images through the layers of a model: one row per image, one column per layer. */
export function layerProgression(
  layers: readonly FeatureMaps[],
  options: LayerProgressionOptions = {},
): SVGSVGElement {
  expectOptions('layerProgression', options, LAYER_PROGRESSION_OPTIONS);
  expectNonEmpty(layers, 'layer', 'FeatureMaps');
  const { input, colorMap = 'viridis', columns = 8 } = options;
  if (input) expectImages('input', input);
  const { indices } = layers[0];
  const other = layers.find((maps) => maps.indices.join() !== indices.join());
  if (other)
    throw new InputError(
      `Expected the same images in every layer, got ${other.indices.join(', ')} in ${other.layer}`,
    );
  const table = colorTable(colorMap);
  const { width, height } = input ?? layers[0];
  return renderTileFigure(options, {
    title: `${formatCount(indices.length, 'image')} through ${formatCount(layers.length, 'layer')}`,
    subtitle:
      'Mean over the channels (dense layers: units in row-major order), ' +
      `each map normalized on its own (${colorMap}).`,
    description: layers
      .map((maps) => `${maps.layer}: ${maps.height} by ${maps.width}, ${maps.channels} channels.`)
      .join(' '),
    size: { width: SIDE * Math.min(1, width / height), height: SIDE * Math.min(1, height / width) },
    columns,
    bands: indices.map((index, image) => ({
      tiles: [
        ...(input ? [imageTile(input, index)] : []),
        ...layers.map((maps) => layerTile(maps, image, table)),
      ],
      spaceAbove: 10,
    })),
  });
}
