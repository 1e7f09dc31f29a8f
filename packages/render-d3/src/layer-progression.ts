import { expectImages, InputError, type FeatureMaps, type Images } from '@convlens/core';
import { expectSome } from './checks.js';
import { colorTable, type ColorMap } from './color-maps.js';
import { inputTile } from './feature-map-grid.js';
import type { FigureOptions } from './figure.js';
import { countOf, formatValue } from './format.js';
import { rangeOf } from './numbers.js';
import { mapRaster } from './raster.js';
import { drawTileFigure, type Tile } from './tiles.js';

export interface LayerProgressionOptions extends FigureOptions {
  /** The images that the maps' `indices` point into: drawn first. */
  readonly input?: Images;
  /** viridis. */
  readonly colorMap?: ColorMap;
  /** Layers side by side before a row breaks, from 1; 8. */
  readonly columns?: number;
}

const SIDE = 92;

/** The units of a dense layer in rows, as near to a square as there are enough; no value where there are none left. */
function unitRows(maps: FeatureMaps, image: number) {
  const width = Math.ceil(Math.sqrt(maps.channels));
  const height = Math.ceil(maps.channels / width);
  const units = maps.values.subarray(image * maps.channels, (image + 1) * maps.channels);
  return { width, height, values: Float32Array.from({ length: width * height }, (_, i) => units[i] ?? NaN) };
}

/** The mean over the channels of the maps of one image: height x width values. */
function channelMean(maps: FeatureMaps, image: number) {
  const { height, width } = maps;
  const size = height * width;
  if (size === 1) return unitRows(maps, image);
  const means = new Float64Array(size);
  for (let place = 0; place < size; place++) {
    const first = (image * size + place) * maps.channels;
    for (let c = 0; c < maps.channels; c++) means[place] += maps.values[first + c] / maps.channels;
  }
  return { width, height, values: means };
}

/** Images on their way through the layers: the mean over the channels of each, and how size and channels change. */
export function layerProgression(
  layers: readonly FeatureMaps[],
  options: LayerProgressionOptions = {},
): SVGSVGElement {
  const { input, colorMap = 'viridis', columns = 8 } = options;
  expectSome(layers, 'layer');
  if (input) expectImages('input', input);
  const { indices } = layers[0];
  const other = layers.find((maps) => maps.indices.join() !== indices.join());
  if (other)
    throw new InputError(
      `Expected the same images of every layer, got ${other.indices.join(', ')} of ${other.layer}`,
    );
  const table = colorTable(colorMap);
  const shape = input ?? layers[0];
  const aspect = shape.width / shape.height;
  const tilesOf = (index: number, image: number) =>
    layers.map((maps): Tile => {
      const mean = channelMean(maps, image);
      const range = rangeOf(mean.values);
      const { layer, width, height, channels } = maps;
      return {
        raster: mapRaster(mean, { table, range }),
        hint: `${layer}, image ${index}: from ${formatValue(range.low)} to ${formatValue(range.high)}`,
        captions: [
          { text: layer, bold: true },
          { text: height * width === 1 ? `${channels} units` : `${height}×${width}×${channels}` },
        ],
      };
    });
  return drawTileFigure(options, {
    title: `${countOf(indices.length, 'image')} through ${countOf(layers.length, 'layer')}`,
    subtitle: `Mean over the channels (of a dense layer: its units, row by row), each normalized on its own (${colorMap}).`,
    description: layers
      .map(({ layer, height, width, channels }) => `${layer}: ${height} by ${width}, ${channels} channels.`)
      .join(' '),
    size: { width: SIDE * Math.min(1, aspect), height: SIDE * Math.min(1, 1 / aspect) },
    columns,
    bands: indices.map((index, image) => ({
      tiles: [...(input ? [inputTile(input, index)] : []), ...tilesOf(index, image)],
      space: 10,
    })),
  });
}
