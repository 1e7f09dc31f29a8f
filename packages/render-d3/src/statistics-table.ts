import type { LayerStatistics } from '@convlens/core';
import { formatShare, formatValue } from './format.js';
import type { ReportTable } from './report-types.js';

/** The values of layers in a table: shape, values seen, mean, standard deviation, extremes, shares of zeros. */
export function layerStatisticsTable(layers: readonly LayerStatistics[]): ReportTable {
  const rows = layers.map(({ layer, shape, channels }) => {
    const sum = (key: 'count' | 'sum' | 'sumOfSquares' | 'zeros' | 'nonPositive') =>
      channels.reduce((total, channel) => total + channel[key], 0);
    const count = sum('count');
    const mean = sum('sum') / count;
    const std = Math.sqrt(Math.max(0, sum('sumOfSquares') / count - mean * mean));
    const min = channels.reduce((least, channel) => Math.min(least, channel.min), Infinity);
    const max = channels.reduce((most, channel) => Math.max(most, channel.max), -Infinity);
    return [
      layer,
      shape.join(' × '),
      ...[count, mean, std, min, max].map(formatValue),
      ...[sum('zeros'), sum('nonPositive')].map((part) => formatShare(part / count)),
    ];
  });
  const columns = ['layer', 'shape', 'values', 'mean', 'std', 'min', 'max', 'zero', 'zero or below'];
  return { columns, rows };
}
