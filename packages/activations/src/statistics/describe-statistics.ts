import {
  expectRecord,
  expectInteger,
  expectNumber,
  expectOptions,
  HISTOGRAM_BINS,
  histogramEdges,
  type ChannelStatistics,
  type LayerStatistics,
  type OptionNames,
} from '@convlens/core';
import { mergeChannelStatistics } from './layer-statistics.js';

/**
 * Statistics of the values of a layer or channel. Without values, mean, deviation, fractions and quantiles
 * are NaN.
 */
export interface StatisticsDescription {
  /** The number of values. */
  readonly count: number;
  readonly mean: number;
  /** The standard deviation of the population. */
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** The fraction of zeros. */
  readonly sparsity: number;
  /** The fraction of values <= 0. */
  readonly nonPositiveFraction: number;
  /** The channels without a value above 0: the dead channels of a ReLU. */
  readonly deadChannels: readonly number[];
  /**
   * The p-quantile, 0 <= p <= 1: the middle of its histogram bin, which is within 1/32 (3.1%) of the exact
   * value. The extremes are exact; values below 2^-20 count as 0, and values above 2^20 as the extreme.
   */
  quantile(p: number): number;
}

function quantileOf({ histogram, min, max }: ChannelStatistics, p: number): number {
  expectNumber('p', p, { min: 0, max: 1 });
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return NaN;
  if (p === 0) return min;
  if (p === 1) return max;
  let cumulative = 0;
  const bin = histogram.findIndex((count) => (cumulative += count) >= p * total);
  if (bin === 0) return min;
  if (bin === HISTOGRAM_BINS - 1) return max;
  const [lower, upper] = histogramEdges(bin);
  return Math.min(max, Math.max(min, (lower + upper) / 2));
}

export interface DescribeStatisticsOptions {
  /** The channel; default all channels together. */
  channel?: number;
}

const DESCRIBE_STATISTICS_OPTIONS: OptionNames<DescribeStatisticsOptions> = { channel: true };

/** Mean, deviation, extremes, fractions and quantiles of the values of a layer, or of one of its channels. */
export function describeStatistics(
  record: LayerStatistics,
  options: DescribeStatisticsOptions = {},
): StatisticsDescription {
  expectOptions('describeStatistics', options, DESCRIBE_STATISTICS_OPTIONS);
  expectRecord('LayerStatistics', 'record', record);
  const { channels } = record;
  const { channel } = options;
  if (channel !== undefined) expectInteger('channel', channel, { max: channels.length - 1 });
  const described = channel === undefined ? [...channels.keys()] : [channel];
  const statistics = described.map((c) => channels[c]).reduce(mergeChannelStatistics);
  const mean = statistics.sum / statistics.count;
  return {
    count: statistics.count,
    mean,
    std: Math.sqrt(Math.max(0, statistics.sumOfSquares / statistics.count - mean * mean)),
    min: statistics.min,
    max: statistics.max,
    sparsity: statistics.zeros / statistics.count,
    nonPositiveFraction: statistics.nonPositive / statistics.count,
    deadChannels: described.filter(
      (c) => channels[c].count > 0 && channels[c].nonPositive === channels[c].count,
    ),
    quantile: (p) => quantileOf(statistics, p),
  };
}
