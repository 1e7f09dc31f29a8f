import { expectOptions, formatCount, type LayerStatistics } from '@convlens/core';
import { renderTable, tableWidth } from '../../charts/table.js';
import { FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { expectNonEmpty } from '../../drawing/guards.js';
import { layerStatisticsTable } from '../../report/layer-statistics-table.js';

/** The table of `layerStatisticsTable` as a figure. */
export function statisticsTable(
  layers: readonly LayerStatistics[],
  options: FigureOptions = {},
): SVGSVGElement {
  expectOptions('statisticsTable', options, FIGURE_OPTIONS);
  expectNonEmpty(layers, 'layer', 'LayerStatistics');
  const { columns, rows } = layerStatisticsTable(layers);
  const table = { columns, rows: rows.map((row) => row.map(String)), leftAligned: 2, rowHeight: 22 };
  const heading = {
    title: 'Layer statistics',
    subtitle:
      `Over ${formatCount(layers[0].imageCount, 'image')}. Values: the number of activations. ` +
      'Zero, zero or below: the percentage of these values.',
    description: rows.map((row) => `${row[0]}: mean ${row[3]}, ${row[7]} zero.`).join(' '),
    width: tableWidth(table),
  };
  return renderFigure(options, heading, (body) => renderTable(body, table));
}
