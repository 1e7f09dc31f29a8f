import { expectRecords, formatCount, formatPercent, type LayerStatistics } from '@convlens/core';
import { formatValue } from '../drawing/format.js';
import type { ReportTable } from './types.js';

const COLUMNS = ['layer', 'shape', 'values', 'mean', 'std', 'min', 'max', 'zero', 'zero or below'];

/** A row of the table: the statistics of all channels of a layer. */
function layerRow({ layer, shape, channels }: LayerStatistics): string[] {
  const sum = (key: 'count' | 'sum' | 'sumOfSquares' | 'zeros' | 'nonPositive') =>
    channels.reduce((total, channel) => total + channel[key], 0);
  const count = sum('count');
  const mean = sum('sum') / count;
  const std = Math.sqrt(Math.max(0, sum('sumOfSquares') / count - mean * mean));
  const min = channels.reduce((lowest, channel) => Math.min(lowest, channel.min), Infinity);
  const max = channels.reduce((highest, channel) => Math.max(highest, channel.max), -Infinity);
  return [
    layer,
    shape.join(' × '),
    formatCount(count),
    ...[mean, std, min, max].map(formatValue),
    ...[sum('zeros'), sum('nonPositive')].map((part) => formatPercent(part / count, 1)),
  ];
}

/**
 * The statistics of layers, one row per layer: shape, number of values, mean, standard deviation, minimum,
 * maximum, and the percentages of zeros and of values that are zero or below.
 */
export function layerStatisticsTable(layers: readonly LayerStatistics[]): ReportTable {
  expectRecords('LayerStatistics', 'records', layers);
  return { columns: COLUMNS, rows: layers.map(layerRow) };
}
