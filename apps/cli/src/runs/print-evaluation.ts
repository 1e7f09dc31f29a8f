import {
  escapeControls,
  formatPercent,
  type ClassCurves,
  type ClassMetrics,
  type Evaluation,
  type MultiLabelMetrics,
} from '@convlens/core';
import type { DetailedEvaluation, MultiLabelEvaluation } from '@convlens/pipeline';
import type { Console } from '../terminal/console.js';
import { formatTable } from '../terminal/format-table.js';

/** An area under a curve with three decimals, "none" without a curve. */
const formatArea = (area: number) => (Number.isNaN(area) ? 'none' : area.toFixed(3));

/** The mean of the areas of the classes that have a curve; NaN if none has. */
function meanArea(areas: readonly number[]): number {
  const defined = areas.filter((area) => !Number.isNaN(area));
  return defined.reduce((sum, area) => sum + area, 0) / defined.length;
}

const areasOf = (curves: readonly ClassCurves[]) => ({
  auc: curves.map(({ auc }) => auc),
  averagePrecision: curves.map(({ averagePrecision }) => averagePrecision),
});

/** Prints an evaluation of images that have one class each. */
export function printEvaluation(result: DetailedEvaluation, console: Console): void {
  const { evaluation, classMetrics, classCurves, topFiveAccuracy, threshold, multiLabelMetrics } = result;
  const { name, count, accuracy, loss, confusion } = evaluation;
  const { classNames } = confusion;
  const counts = confusionRows(evaluation);
  const { precision, recall, f1, support, macro, weighted, balancedAccuracy } = classMetrics;
  const texts = [
    describeEvaluation(result),
    formatConfusionMatrix(classNames.map(escapeControls), counts),
    formatMetrics(classMetrics, classCurves),
    ...(multiLabelMetrics ? [describeMultiLabel(multiLabelMetrics, classCurves)] : []),
  ];
  console.event(
    'evaluation',
    {
      ...{ name, count, accuracy, balancedAccuracy, loss, classNames, confusion: counts },
      ...(topFiveAccuracy !== undefined && { topFiveAccuracy }),
      ...(threshold !== undefined && { threshold }),
      metrics: { precision, recall, f1, support, ...areasOf(classCurves), macro, weighted },
      ...(multiLabelMetrics && { multiLabelMetrics }),
    },
    texts.join('\n\n'),
  );
}

/** The images by label and predicted class. */
function confusionRows({ confusion: { classNames, counts } }: Evaluation): number[][] {
  const size = classNames.length;
  return classNames.map((_, row) => [...counts.subarray(row * size, (row + 1) * size)]);
}

/** The numbers of an evaluation, with a second line of two classes or of many. */
function describeEvaluation(result: DetailedEvaluation): string {
  const { evaluation, classMetrics, classCurves, topFiveAccuracy } = result;
  const { name, count, accuracy, loss } = evaluation;
  const line =
    `${escapeControls(name)}: accuracy ${formatPercent(accuracy)}, ` +
    `balanced accuracy ${formatPercent(classMetrics.balancedAccuracy)}, loss ${loss.toFixed(4)} on ${count} images`;
  if (topFiveAccuracy !== undefined) return `${line}\ntop-5 accuracy ${formatPercent(topFiveAccuracy)}`;
  if (classCurves.length !== 2) return line;
  const [, { className, auc, averagePrecision }] = classCurves;
  return `${line}\n${escapeControls(className)}: AUC ${formatArea(auc)}, average precision ${formatArea(averagePrecision)}`;
}

/** Rows are labels, columns predicted classes. */
function formatConfusionMatrix(classNames: readonly string[], counts: number[][]): string {
  const left = Math.max(...classNames.map((name) => name.length));
  const short = classNames.map((name) => name.slice(0, 6));
  const line = (name: string, cells: readonly (string | number)[]) =>
    `  ${name.padEnd(left)}  ${cells.map((cell) => String(cell).padStart(6)).join(' ')}`;
  return [line('', short), ...counts.map((row, i) => line(classNames[i], row))].join('\n');
}

/** One row per class, each against all others, and their means. */
function formatMetrics(
  { classNames, precision, recall, f1, support, macro }: ClassMetrics | MultiLabelMetrics,
  curves: readonly ClassCurves[],
): string {
  const { auc, averagePrecision } = areasOf(curves);
  const row = (name: string, fractions: readonly number[], areas: readonly number[], images: number | '') => [
    ...[`  ${name}`, ...fractions.map((value) => formatPercent(value)), ...areas.map(formatArea)],
    images,
  ];
  return formatTable([
    ['  class', 'precision', 'recall', 'F1', 'AUC', 'average precision', 'images'],
    ...classNames.map((name, c) =>
      row(name, [precision[c], recall[c], f1[c]], [auc[c], averagePrecision[c]], support[c]),
    ),
    row('mean', [macro.precision, macro.recall, macro.f1], [auc, averagePrecision].map(meanArea), ''),
  ]);
}

/** The table of a multi-label classifier that is evaluated on images of one class each. */
const describeMultiLabel = (metrics: MultiLabelMetrics, curves: readonly ClassCurves[]) =>
  `Each class has a probability of its own (sigmoids). Predicted from ${metrics.threshold} on, and each image with its label ` +
  `alone (--targets FILE gives several):\n\n${formatMetrics(metrics, curves)}`;

/** Prints an evaluation of images that may be of several classes. */
export function printMultiLabelEvaluation(
  { name, metrics, curves }: MultiLabelEvaluation,
  console: Console,
): void {
  const { threshold, count, accuracy, subsetAccuracy, loss, micro } = metrics;
  const summary =
    `${escapeControls(name)}: ${formatPercent(accuracy)} of the decisions correct from the probability ${threshold} on, every ` +
    `class correct in ${formatPercent(subsetAccuracy)} of ${count} images, micro F1 ${formatPercent(micro.f1)}, ` +
    `loss ${loss.toFixed(4)}`;
  console.event(
    'evaluation',
    { name, ...metrics, ...areasOf(curves) },
    `${summary}\n\n${formatMetrics(metrics, curves)}`,
  );
}
