import { classMetrics } from '@convlens/activations';
import {
  escapeControls,
  formatPercent,
  type ClassMetrics,
  type Evaluation,
  type ImageSet,
} from '@convlens/core';
import {
  evaluateOpenModel,
  saveEvaluation,
  type OpenModel,
  type TestTimeAugmentation,
} from '@convlens/pipeline';
import type { BlobStore } from '@convlens/storage';
import type { Console } from '../terminal/console.js';
import { formatTable } from '../terminal/format-table.js';

interface EvaluationRequest {
  opened: OpenModel;
  /** The run folder, or a folder in its place. */
  store: BlobStore;
  images: ImageSet;
  testTimeAugmentation?: TestTimeAugmentation;
}

/** Evaluates a model on test images, prints the result, and saves it in the folder `store`. */
export async function evaluate(
  { opened, store, images, testTimeAugmentation }: EvaluationRequest,
  console: Console,
  signal: AbortSignal,
): Promise<Evaluation> {
  const bar = console.bar('evaluating');
  try {
    const onProgress = (done: number, total: number) => bar.update(done, total);
    const evaluation = await evaluateOpenModel(opened, images, { testTimeAugmentation, signal, onProgress });
    bar.stop();
    printEvaluation(evaluation, console);
    await saveEvaluation(store, opened.run?.summary, evaluation);
    return evaluation;
  } finally {
    bar.stop();
  }
}

function printEvaluation({ accuracy, loss, count, name, confusion }: Evaluation, console: Console): void {
  const { classNames } = confusion;
  const size = classNames.length;
  const counts = classNames.map((_, row) => [...confusion.counts.subarray(row * size, (row + 1) * size)]);
  const metrics = classMetrics(confusion);
  const summary =
    `${escapeControls(name)}: accuracy ${formatPercent(accuracy)}, ` +
    `balanced accuracy ${formatPercent(metrics.balancedAccuracy)}, loss ${loss.toFixed(4)} on ${count} images`;
  const tables = [formatConfusionMatrix(classNames.map(escapeControls), counts), formatMetrics(metrics)];
  const { precision, recall, f1, support, macro, weighted, balancedAccuracy } = metrics;
  console.event(
    'evaluation',
    {
      ...{ name, count, accuracy, balancedAccuracy, loss, classNames, confusion: counts },
      metrics: { precision, recall, f1, support, macro, weighted },
    },
    [summary, ...tables].join('\n\n'),
  );
}

/** Rows are labels, columns predicted classes. */
function formatConfusionMatrix(classNames: readonly string[], counts: number[][]): string {
  const left = Math.max(...classNames.map((name) => name.length));
  const short = classNames.map((name) => name.slice(0, 6));
  const line = (name: string, cells: readonly (string | number)[]) =>
    `  ${name.padEnd(left)}  ${cells.map((cell) => String(cell).padStart(6)).join(' ')}`;
  return [line('', short), ...counts.map((row, i) => line(classNames[i], row))].join('\n');
}

/** One row per class, and their means. */
function formatMetrics({ classNames, precision, recall, f1, support, macro }: ClassMetrics): string {
  const row = (name: string, values: readonly number[], images: number | '') => [
    ...[`  ${name}`, ...values.map((value) => formatPercent(value))],
    images,
  ];
  return formatTable([
    ['  class', 'precision', 'recall', 'F1', 'images'],
    ...classNames.map((name, c) => row(name, [precision[c], recall[c], f1[c]], support[c])),
    row('mean', [macro.precision, macro.recall, macro.f1], ''),
  ]);
}
