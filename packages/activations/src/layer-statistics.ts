import type * as tf from '@tensorflow/tfjs';
import {
  HISTOGRAM_BINS,
  InputError,
  type ChannelStatistics,
  type Images,
  type LayerStatistics,
} from '@convlens/core';
import { binsOf } from './histogram-bins.js';
import { observe, type Observer } from './observe.js';
import type { ReadOptions } from './subject.js';

type Sums = { -readonly [K in keyof ChannelStatistics]: ChannelStatistics[K] };

const empty = (): Sums => ({
  count: 0,
  sum: 0,
  sumOfSquares: 0,
  min: Infinity,
  max: -Infinity,
  zeros: 0,
  nonPositive: 0,
  histogram: new Float64Array(HISTOGRAM_BINS),
});

/** Values are taken in blocks that stay in the processor's cache while each channel picks its own. */
const BLOCK = 2 ** 14;

/** Adds every `stride`th value to a channel. */
function addValues(
  channel: Sums,
  values: Float32Array,
  { bins, first, stride }: { bins: Int16Array; first: number; stride: number },
): void {
  const { histogram } = channel;
  let { sum, sumOfSquares, min, max, zeros, nonPositive } = channel;
  for (let i = first; i < values.length; i += stride) {
    const value = values[i];
    sum += value;
    sumOfSquares += value * value;
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
    if (value <= 0) nonPositive++;
    if (bins[i] >= 0) histogram[bins[i]]++;
  }
  const count = channel.count + values.length / stride;
  Object.assign(channel, { count, sum, sumOfSquares, min, max, zeros, nonPositive });
}

/** Counts and adds up what a layer puts out. */
export function observeStatistics({ layer = 'last-conv' } = {}): Observer<LayerStatistics> {
  return {
    layers: [layer],
    begin({ images, ...observed }) {
      const { name, height, width, channels, spatial } = observed.layer(layer);
      const sums = Array.from({ length: channels }, empty);
      return {
        async add({ output }) {
          const values = (await output(layer).data()) as Float32Array;
          const size = channels * Math.ceil(BLOCK / channels);
          for (let start = 0; start < values.length; start += size) {
            const block = values.subarray(start, start + size);
            const bins = binsOf(block);
            sums.forEach((channel, first) => addValues(channel, block, { bins, first, stride: channels }));
          }
        },
        finish: () => ({
          layer: name,
          shape: spatial ? [height, width, channels] : [channels],
          images: images.count,
          channels: sums,
        }),
      };
    },
  };
}

export interface LayerStatisticsOptions extends ReadOptions {
  /** The layers, by name or role. */
  layers: readonly string[];
}

/**
 * Counts, sums and histograms of what some layers put out, channel by channel, one record a layer; records of two parts
 * of a data set can be put together by `mergeStatistics`. A NaN is counted, but has no bin and makes the sums NaN.
 */
export async function layerStatistics(
  model: tf.LayersModel,
  images: Images,
  { layers, ...options }: LayerStatisticsOptions,
): Promise<LayerStatistics[]> {
  return observe(model, images, {
    ...options,
    observers: layers.map((layer) => observeStatistics({ layer })),
  });
}

/** What both channels hold together. */
export function mergeChannels(a: ChannelStatistics, b: ChannelStatistics): ChannelStatistics {
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    sumOfSquares: a.sumOfSquares + b.sumOfSquares,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    zeros: a.zeros + b.zeros,
    nonPositive: a.nonPositive + b.nonPositive,
    histogram: a.histogram.map((count, bin) => count + b.histogram[bin]),
  };
}

/** The statistics of two parts of a data set as one record; they must be of the same layer. */
export function mergeStatistics(a: LayerStatistics, b: LayerStatistics): LayerStatistics {
  const kind = ({ layer, shape }: LayerStatistics) => `${layer} (${shape.join(' x ')})`;
  if (kind(a) !== kind(b))
    throw new InputError(`Expected statistics of the same layer, got ${kind(a)} and ${kind(b)}`);
  return {
    ...a,
    images: a.images + b.images,
    channels: a.channels.map((channel, c) => mergeChannels(channel, b.channels[c])),
  };
}
