import { expectInteger, expectOneOf, InputError, type FilterBank } from '@convlens/core';
import { colorTable, type ColorMap } from './color-maps.js';
import { openFigure, type FigureOptions } from './figure.js';
import { countOf, formatValue } from './format.js';
import { mapRaster, rangeOf, rasterOf, type Range, type Raster } from './raster.js';
import { selectFilters } from './select-filters.js';
import { drawTiles, fitColumns, inRows, tileSize, tilesWidth, type Tile } from './tiles.js';

export interface KernelGridOptions extends FigureOptions {
  /** What becomes 0 and 1: the smallest and largest weight of each kernel (of all that is drawn of it), or of the bank; kernel. */
  readonly scale?: 'kernel' | 'bank';
  /** Which filters, in this order; all. */
  readonly filters?: readonly number[];
  /** Draws one input channel; by default all three as RGB if there are three, else channel 0. */
  readonly channel?: number;
  /** For one input channel; grey. */
  readonly colorMap?: ColorMap;
  /** At most, from 1; 8. */
  readonly columns?: number;
}

/** The weights of a filter as drawn: height x width x channels drawn. */
function weightsOf(bank: FilterBank, filter: number, channels: readonly number[]): Float32Array {
  const places = bank.height * bank.width;
  const weights = new Float32Array(places * channels.length);
  for (let place = 0; place < places; place++)
    channels.forEach((channel, c) => {
      weights[place * channels.length + c] =
        bank.values[(place * bank.inChannels + channel) * bank.filters + filter];
    });
  return weights;
}

function colorRaster(weights: Float32Array, { width, height }: FilterBank, { low, high }: Range): Raster {
  const share = (weight: number) => (high > low ? (weight - low) / (high - low) : 0);
  const bytes = Uint8ClampedArray.from(weights, (weight) => Math.round(share(weight) * 255));
  return rasterOf(bytes, { width, height, channels: 3 });
}

/** One kernel as a picture, normalized on its own: RGB if it reads three channels, else its first channel in grey. */
export function kernelRaster(bank: FilterBank, filter: number): Raster {
  const isColor = bank.inChannels === 3;
  const values = weightsOf(bank, filter, isColor ? [0, 1, 2] : [0]);
  const range = rangeOf(values);
  const { width, height } = bank;
  return isColor
    ? colorRaster(values, bank, range)
    : mapRaster({ values, width, height }, { table: colorTable('grey'), range });
}

/** The kernels of a convolution as pictures, normalized to [0, 1]: RGB if they read three channels, else one channel. */
export function kernelGrid(bank: FilterBank, options: KernelGridOptions = {}): SVGSVGElement {
  const { scale = 'kernel', channel, colorMap = 'grey', columns = 8 } = options;
  expectOneOf('scale', scale, ['kernel', 'bank']);
  expectInteger('columns', columns, { min: 1 });
  const { height, width, inChannels, values } = bank;
  const expected = height * width * inChannels * bank.filters;
  if (values.length !== expected)
    throw new InputError(`Expected bank.values to hold ${expected} values, got ${values.length}`);
  if (channel !== undefined) expectInteger('channel', channel, { max: inChannels - 1 });
  const isColor = inChannels === 3 && channel === undefined;
  const channels = isColor ? [0, 1, 2] : [channel ?? 0];
  const all = Array.from({ length: bank.filters }, (_, i) => i);
  const filters = selectFilters(options.filters, { available: all });
  const weights = filters.map((filter) => weightsOf(bank, filter, channels));
  const ranges = weights.map(rangeOf);
  const shared = rangeOf(ranges.flatMap(({ low, high }) => [low, high]));
  const asked = Math.min(columns, filters.length);
  const size = tileSize(bank, Math.min(60, Math.max(32, 800 / asked)));
  const across = fitColumns(asked, { size, ...options });
  const shown = filters.length === bank.filters ? '' : ` of ${bank.filters}`;
  const { body, palette, close } = openFigure(options, {
    title: `Kernels of ${bank.layer}`,
    subtitle:
      `${filters.length}${shown} filters of ${height} × ${width} × ${inChannels}, ` +
      (isColor ? 'as RGB, ' : `input channel ${channels[0]}, `) +
      (scale === 'kernel'
        ? 'each normalized to [0, 1] on its own.'
        : `normalized together: 0 is ${formatValue(shared.low)}, 1 is ${formatValue(shared.high)}.`),
    description:
      `The ${height} by ${width} kernels of ${countOf(filters.length, 'filter')} of layer ${bank.layer}` +
      `, weights from ${formatValue(shared.low)} to ${formatValue(shared.high)}.`,
    width: tilesWidth(across, { size }),
  });
  const tiles = filters.map((filter, i): Tile => {
    const range = scale === 'kernel' ? ranges[i] : shared;
    return {
      raster: isColor
        ? colorRaster(weights[i], bank, range)
        : mapRaster({ values: weights[i], width, height }, { table: colorTable(colorMap), range }),
      subject: { filter },
      hint: `filter ${filter}, weights from ${formatValue(ranges[i].low)} to ${formatValue(ranges[i].high)}`,
      captions: [{ text: String(filter) }],
    };
  });
  return close(
    drawTiles(
      body,
      inRows(tiles, across).map((row) => ({ tiles: row })),
      { size, palette },
    ),
  );
}
