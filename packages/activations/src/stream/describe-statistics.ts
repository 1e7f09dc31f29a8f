import {
  expectInteger,
  expectNumber,
  HISTOGRAM_BINS,
  histogramEdges,
  type ChannelStatistics,
  type LayerStatistics,
} from '@convlens/core';
import { mergeChannels } from './layer-statistics.js';

export interface StatisticsDescription {
  /** How many values. */
  readonly count: number;
  readonly mean: number;
  /** Of the population. */
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** The share of values that are exactly 0. */
  readonly zeroShare: number;
  /** The share of values that are 0 or below. */
  readonly nonPositiveShare: number;
  /** Channels in which no value is above 0: dead, if the layer is a rectifier. */
  readonly deadChannels: readonly number[];
  /**
   * The value that stands at a share `p` (0 to 1) of all values in their order, to within 1/32 (3.1%) of it: the middle of
   * its bin. The ends are exact; values nearer to zero than 2^-20 are told as 0, values beyond 2^20 by the ends. NaN
   * where there are none.
   */
  quantile(p: number): number;
}

function quantileOf({ histogram, min, max }: ChannelStatistics, p: number): number {
  expectNumber('p', p, { min: 0, max: 1 });
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return NaN;
  if (p === 0) return min;
  if (p === 1) return max;
  let below = 0;
  for (let bin = 0; ; bin++) {
    below += histogram[bin];
    if (below < p * total) continue;
    const [lower, upper] = histogramEdges(bin);
    if (bin === 0) return min;
    if (bin === HISTOGRAM_BINS - 1) return max;
    return Math.min(max, Math.max(min, (lower + upper) / 2));
  }
}

export interface DescribeStatisticsOptions {
  /** Which channel to describe; default all of them together. */
  channel?: number;
}

/** Mean, spread, shares and quantiles of a layer's values, or of one channel's. NaN where no image was seen. */
export function describeStatistics(
  { channels }: LayerStatistics,
  { channel }: DescribeStatisticsOptions = {},
): StatisticsDescription {
  if (channel !== undefined) expectInteger('channel', channel, { max: channels.length - 1 });
  const all = channel === undefined ? channels.reduce(mergeChannels) : channels[channel];
  const mean = all.sum / all.count;
  const looked = channel === undefined ? [...channels.keys()] : [channel];
  return {
    count: all.count,
    mean,
    std: Math.sqrt(Math.max(0, all.sumOfSquares / all.count - mean * mean)),
    min: all.min,
    max: all.max,
    zeroShare: all.zeros / all.count,
    nonPositiveShare: all.nonPositive / all.count,
    deadChannels: looked.filter(
      (c) => channels[c].count > 0 && channels[c].nonPositive === channels[c].count,
    ),
    quantile: (p) => quantileOf(all, p),
  };
}
