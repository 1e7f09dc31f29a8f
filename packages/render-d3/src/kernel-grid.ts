import { expectInteger, expectOneOf, type FilterBank } from '@convlens/core';
import { expectLength } from './checks.js';
import { colorTable, type ColorMap } from './color-maps.js';
import type { FigureOptions } from './figure.js';
import { formatValue } from './format.js';
import { joinRanges, rangeOf, type Range } from './numbers.js';
import { mapRaster, rasterOf, type Raster } from './raster.js';
import { selectFilters } from './select-filters.js';
import { drawTileFigure, tileSize } from './tiles.js';

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
  const n = channels.length;
  const place = (i: number) => Math.floor(i / n) * bank.inChannels + channels[i % n];
  return Float32Array.from(
    { length: bank.height * bank.width * n },
    (_, i) => bank.values[place(i) * bank.filters + filter],
  );
}

/** Three channels are drawn as RGB, one in the colours of a map. */
function weightsRaster(
  values: Float32Array,
  { width, height }: FilterBank,
  { range, colorMap }: { range: Range; colorMap: ColorMap },
): Raster {
  const { low, high } = range;
  if (values.length === width * height)
    return mapRaster({ values, width, height }, { table: colorTable(colorMap), range });
  const share = (weight: number) => (high > low ? (weight - low) / (high - low) : 0);
  const bytes = Uint8ClampedArray.from(values, (weight) => Math.round(share(weight) * 255));
  return rasterOf(bytes, { width, height, channels: 3 });
}

/** What is drawn where no channel is asked for. */
const channelsOf = ({ inChannels }: FilterBank) => (inChannels === 3 ? [0, 1, 2] : [0]);

/** One kernel as a picture, normalized on its own: RGB if it reads three channels, else its first channel in grey. */
export function kernelRaster(bank: FilterBank, filter: number): Raster {
  const values = weightsOf(bank, filter, channelsOf(bank));
  return weightsRaster(values, bank, { range: rangeOf(values), colorMap: 'grey' });
}

/** The kernels of a convolution as pictures, normalized to [0, 1]: RGB if they read three channels, else one channel. */
export function kernelGrid(bank: FilterBank, options: KernelGridOptions = {}): SVGSVGElement {
  const { scale = 'kernel', channel, colorMap = 'grey', columns = 8 } = options;
  expectOneOf('scale', scale, ['kernel', 'bank']);
  const { height, width, inChannels, values } = bank;
  expectLength('bank.values', values, height * width * inChannels * bank.filters);
  if (channel !== undefined) expectInteger('channel', channel, { max: inChannels - 1 });
  const channels = channel === undefined ? channelsOf(bank) : [channel];
  const filters = selectFilters(options.filters, bank.filters);
  const weights = filters.map((filter) => weightsOf(bank, filter, channels));
  const ranges = weights.map(rangeOf);
  const shared = joinRanges(ranges);
  const [low, high] = [shared.low, shared.high].map(formatValue);
  const shown = filters.length === bank.filters ? '' : ` of ${bank.filters}`;
  return drawTileFigure(options, {
    title: `Kernels of ${bank.layer}`,
    subtitle:
      `${filters.length}${shown} filters of ${height} × ${width} × ${inChannels}, ` +
      (channels.length === 3 ? 'as RGB, ' : `input channel ${channels[0]}, `) +
      (scale === 'kernel'
        ? 'each normalized to [0, 1] on its own.'
        : `normalized together: 0 is ${low}, 1 is ${high}.`),
    description: `Weights from ${low} to ${high}.`,
    size: tileSize(bank, Math.min(60, Math.max(32, 800 / Math.min(columns, filters.length)))),
    columns,
    bands: [
      {
        tiles: filters.map((filter, i) => ({
          raster: weightsRaster(weights[i], bank, {
            range: scale === 'kernel' ? ranges[i] : shared,
            colorMap,
          }),
          subject: { filter },
          hint: `filter ${filter}, weights from ${formatValue(ranges[i].low)} to ${formatValue(ranges[i].high)}`,
          captions: [{ text: String(filter) }],
        })),
      },
    ],
  });
}
