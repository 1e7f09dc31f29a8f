import {
  expectOptions,
  expectRecord,
  formatCount,
  formatPercent,
  type ClassMetrics,
  type OptionNames,
} from '@convlens/core';
import { renderTable, tableWidth, type FigureTable } from '../../charts/table.js';
import { availableWidth, FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { dashIfNaN } from '../../drawing/format.js';
import { expectCount, expectNonEmpty } from '../../drawing/guards.js';
import { fitText } from '../../drawing/measure-text.js';

export interface ClassMetricsTableOptions extends FigureOptions {
  /** The largest number of classes, >= 1; default 20. Of more classes those with the lowest F1 score, lowest first. */
  readonly count?: number;
}

const CLASS_METRICS_TABLE_OPTIONS: OptionNames<ClassMetricsTableOptions> = { ...FIGURE_OPTIONS, count: true };

const COLUMNS = ['class', 'precision', 'recall', 'F1', 'images'];
const percent = dashIfNaN((fraction) => formatPercent(fraction, 1));

/** All classes in order if they are at most `count`; else those with the lowest F1 score. */
function classesToShow({ f1 }: ClassMetrics, count: number): number[] {
  const classes = [...f1.keys()];
  return classes.length <= count ? classes : classes.sort((a, b) => f1[a] - f1[b] || a - b).slice(0, count);
}

/** The table; its names are cut to what a narrow figure leaves. */
function tableOf(metrics: ClassMetrics, classes: readonly number[], width: number): FigureTable {
  const { classNames, precision, recall, f1, support, macro, weighted } = metrics;
  const total = support.reduce((sum, count) => sum + count, 0);
  const rows = [
    ...classes.map((c) => [
      classNames[c],
      ...[precision[c], recall[c], f1[c]].map(percent),
      formatCount(support[c]),
    ]),
    ...Object.entries({ mean: macro, weighted }).map(([name, mean]) => [
      name,
      ...[mean.precision, mean.recall, mean.f1].map(percent),
      formatCount(total),
    ]),
  ];
  const table = { columns: COLUMNS, rows, leftAligned: 1, rowHeight: 22 };
  const unnamed = tableWidth({
    ...table,
    columns: ['', ...COLUMNS.slice(1)],
    rows: rows.map(([, ...numbers]) => ['', ...numbers]),
  });
  const nameWidth = width - unnamed;
  return {
    ...table,
    rows: rows.map(([name, ...numbers]) => [fitText(name, nameWidth, { bold: true }), ...numbers]),
  };
}

/** Precision, recall, F1 score and number of images of each class, and their means. */
export function classMetricsTable(
  metrics: ClassMetrics,
  options: ClassMetricsTableOptions = {},
): SVGSVGElement {
  expectOptions('classMetricsTable', options, CLASS_METRICS_TABLE_OPTIONS);
  expectRecord('ClassMetrics', 'metrics', metrics);
  const { classNames, accuracy, balancedAccuracy, macro } = metrics;
  expectNonEmpty(classNames, 'class');
  const classes = classesToShow(metrics, expectCount('count', options.count ?? 20));
  const isCut = classes.length < classNames.length;
  const table = tableOf(metrics, classes, availableWidth(options));
  const scores = `Accuracy ${percent(accuracy)}, balanced accuracy ${percent(balancedAccuracy)}.`;
  const heading = {
    title: 'Precision, recall and F1 score',
    subtitle: isCut
      ? `${scores} The ${classes.length} of ${classNames.length} classes with the lowest F1 score.`
      : scores,
    description: `${scores} Mean F1 score of the classes ${percent(macro.f1)}.`,
    width: tableWidth(table),
  };
  return renderFigure(options, heading, (body) => renderTable(body, table));
}
