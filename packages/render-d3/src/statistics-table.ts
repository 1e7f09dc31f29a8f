import type { LayerStatistics } from '@convlens/core';
import { expectSome } from './checks.js';
import { drawFigure, type FigureOptions } from './figure.js';
import { countOf, formatCount, formatShare, formatValue } from './format.js';
import type { ReportTable } from './report-types.js';
import { drawTable, tableWidth } from './table.js';

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
      formatCount(count),
      ...[mean, std, min, max].map(formatValue),
      ...[sum('zeros'), sum('nonPositive')].map((part) => formatShare(part / count)),
    ];
  });
  const columns = ['layer', 'shape', 'values', 'mean', 'std', 'min', 'max', 'zero', 'zero or below'];
  return { columns, rows };
}

/** The same table as a figure. */
export function statisticsTable(
  layers: readonly LayerStatistics[],
  options: FigureOptions = {},
): SVGSVGElement {
  expectSome(layers, 'layer');
  const { columns, rows } = layerStatisticsTable(layers);
  const table = { columns, rows: rows.map((row) => row.map(String)), left: 2, pitch: 22 };
  const heading = {
    title: 'What the layers put out',
    subtitle: `Over ${countOf(layers[0].images, 'image')}. Values: how many were seen; shares of those that are zero, and zero or below.`,
    description: rows.map((row) => `${row[0]}: mean ${row[3]}, ${row[7]} zero.`).join(' '),
    width: tableWidth(table),
  };
  return drawFigure(options, heading, (body) => drawTable(body, table));
}
