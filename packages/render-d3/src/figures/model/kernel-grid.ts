import {
  expectLength,
  expectRecord,
  expectInteger,
  expectOneOf,
  expectOptions,
  type FilterBank,
  type OptionNames,
} from '@convlens/core';
import { renderTileFigure, tileSize } from '../../charts/tiles.js';
import { colorTable, type ColorMap } from '../../drawing/color-maps.js';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { formatValue } from '../../drawing/format.js';
import { extent, unionExtent, type Extent } from '../../drawing/numbers.js';
import { encodeRaster, mapRaster, type Raster } from '../../drawing/raster.js';
import { chooseFilters, meanMagnitude, type FilterChoice } from '../../drawing/choose-filters.js';

/** `per-kernel`: each kernel from its smallest to its largest weight; `shared`: all kernels on one scale. */
export const KERNEL_SCALES = ['per-kernel', 'shared'] as const;
export type KernelScale = (typeof KERNEL_SCALES)[number];

export interface KernelGridOptions extends FigureOptions {
  /** How weights become colors; default 'per-kernel'. */
  readonly scale?: KernelScale;
  /**
   * The filters to show: a list in this order, 'all', or `{ top: 32 }`, those with the largest mean magnitude of the weights that
   * are shown. Default: all, but no more than the first 64.
   */
  readonly filters?: FilterChoice;
  /** The input channel to show; default: all three as RGB if there are three, else channel 0. */
  readonly channel?: number;
  /** For a single input channel; default 'gray'. */
  readonly colorMap?: ColorMap;
  /** The largest number of columns, >= 1; default 8. */
  readonly columns?: number;
}

const KERNEL_GRID_OPTIONS: OptionNames<KernelGridOptions> = {
  ...FIGURE_OPTIONS,
  scale: true,
  filters: true,
  channel: true,
  colorMap: true,
  columns: true,
};

/** The kernel of a filter for some input channels: height x width x channels. */
function kernelValues(bank: FilterBank, filter: number, channels: readonly number[]): Float32Array {
  const { height, width, inChannels, filters, values } = bank;
  const kernel = new Float32Array(height * width * channels.length);
  for (let i = 0; i < kernel.length; i++) {
    const position = Math.floor(i / channels.length);
    const channel = channels[i % channels.length];
    kernel[i] = values[(position * inChannels + channel) * filters + filter];
  }
  return kernel;
}

/** Three channels as RGB, one channel in the colors of a map. */
function kernelImage(
  values: Float32Array,
  { width, height }: FilterBank,
  { extent, colorMap }: { extent: Extent; colorMap: ColorMap },
): Raster {
  if (values.length === width * height)
    return mapRaster({ values, width, height }, { table: colorTable(colorMap), extent });
  const { low, high } = extent;
  const normalize = (weight: number) => (high > low ? (weight - low) / (high - low) : 0);
  const bytes = Uint8ClampedArray.from(values, (weight) => Math.round(normalize(weight) * 255));
  return encodeRaster(bytes, { width, height, channels: 3 });
}

const extentText = ({ low, high }: Extent) => `${formatValue(low)} to ${formatValue(high)}`;

const defaultChannels = ({ inChannels }: FilterBank) => (inChannels === 3 ? [0, 1, 2] : [0]);

/** One kernel, normalized on its own: as RGB if it has three input channels, else channel 0 in gray. */
export function kernelRaster(bank: FilterBank, filter: number): Raster {
  const values = kernelValues(bank, filter, defaultChannels(bank));
  return kernelImage(values, bank, { extent: extent(values), colorMap: 'gray' });
}

/** The kernels of a convolution as images: RGB for three input channels, else one channel. */
export function kernelGrid(bank: FilterBank, options: KernelGridOptions = {}): SVGSVGElement {
  expectOptions('kernelGrid', options, KERNEL_GRID_OPTIONS);
  expectRecord('FilterBank', 'record', bank);
  const { scale = 'per-kernel', channel, colorMap = 'gray', columns = 8 } = options;
  expectOneOf('scale', scale, KERNEL_SCALES);
  const { layer, height, width, inChannels } = bank;
  expectLength('bank.values', bank.values, height * width * inChannels * bank.filters);
  if (channel !== undefined) expectInteger('channel', channel, { max: inChannels - 1 });
  const channels = channel === undefined ? defaultChannels(bank) : [channel];
  const { filters, text } = chooseFilters(options.filters, {
    available: bank.filters,
    strengthOf: (filter) => meanMagnitude(kernelValues(bank, filter, channels)),
  });
  const kernels = filters.map((filter) => kernelValues(bank, filter, channels));
  const extents = kernels.map(extent);
  const shared = unionExtent(extents);
  const [low, high] = [shared.low, shared.high].map(formatValue);
  const shape = `${height} × ${width} × ${inChannels}`;
  const content = channels.length === 3 ? 'as RGB' : `input channel ${channels[0]}`;
  const normalization =
    scale === 'per-kernel'
      ? 'each normalized to [0, 1] on its own'
      : `normalized together: 0 is ${low}, 1 is ${high}`;
  return renderTileFigure(options, {
    title: `Kernels of ${layer}`,
    subtitle: `${text} filters of ${shape}, ${content}, ${normalization}.`,
    description: `Weights from ${extentText(shared)}.`,
    size: tileSize(bank, Math.min(60, Math.max(32, 800 / Math.min(columns, filters.length)))),
    columns,
    bands: [
      {
        tiles: filters.map((filter, i) => ({
          raster: kernelImage(kernels[i], bank, {
            extent: scale === 'shared' ? shared : extents[i],
            colorMap,
          }),
          datum: { filter },
          tooltip: `filter ${filter}, weights from ${extentText(extents[i])}`,
          captions: [{ text: String(filter) }],
        })),
      },
    ],
  });
}
