import { InputError, type LayerStatistics } from '@convlens/core';
import { openFigure, type FigureOptions } from './figure.js';
import { countOf, formatCount, formatShare, formatValue } from './format.js';
import { fitText, roomFor } from './measure.js';
import type { ReportTable } from './report-types.js';
import { draw, write } from './svg.js';

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

const ROW = 22;
const WIDEST = 170;

/** The same table as a figure. */
export function statisticsTable(
  layers: readonly LayerStatistics[],
  options: FigureOptions = {},
): SVGSVGElement {
  if (!layers.length) throw new InputError('Expected statistics of at least one layer, got none');
  const { columns, rows } = layerStatisticsTable(layers);
  const texts = [columns, ...rows.map((row) => row.map(String))];
  const widths = columns.map((_, i) =>
    Math.min(WIDEST, Math.max(...texts.map((row) => roomFor(row[i], { bold: i === 0 || row === columns })))),
  );
  const ends = widths.map((_, i) => widths.slice(0, i + 1).reduce((sum, width) => sum + width + 18, -18));
  const { body, palette, close } = openFigure(options, {
    title: 'What the layers put out',
    subtitle: `Over ${countOf(layers[0].images, 'image')}. Values: how many were seen; shares of those that are zero, and zero or below.`,
    description: rows.map((row) => `${row[0]}: mean ${row[3]}, ${row[7]} zero.`).join(' '),
    width: ends.at(-1)!,
  });
  texts.forEach((row, r) => {
    const y = r * ROW + 14;
    if (r) draw(body, 'line', { x1: 0, x2: ends.at(-1), y1: y - 15, y2: y - 15, stroke: palette.grid });
    row.forEach((text, i) => {
      // Names stand left, numbers right.
      const place = i < 2 ? { x: ends[i] - widths[i] } : { x: ends[i], 'text-anchor': 'end' };
      const bold = r === 0 || i === 0;
      const style = { 'font-size': 11, 'font-weight': bold ? 600 : undefined };
      const fill = r === 0 ? palette.muted : palette.ink;
      write(body, fitText(text, widths[i], { bold }), { ...place, ...style, y, fill });
    });
  });
  return close(texts.length * ROW);
}
