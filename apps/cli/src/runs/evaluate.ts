import { escapeControls, formatPercent, type Evaluation, type ImageSet } from '@convlens/core';
import {
  evaluateOpenModel,
  saveEvaluation,
  type OpenModel,
  type TestTimeAugmentation,
} from '@convlens/pipeline';
import type { BlobStore } from '@convlens/storage';
import type { Console } from '../terminal/console.js';

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
  const summary = `${escapeControls(name)}: accuracy ${formatPercent(accuracy)}, loss ${loss.toFixed(4)} on ${count} images`;
  const text = `${summary}\n\n${formatConfusionMatrix(classNames.map(escapeControls), counts)}`;
  console.event('evaluation', { name, count, accuracy, loss, classNames, confusion: counts }, text);
}

/** Rows are true classes, columns predicted classes; the last column is the recall of the class. */
function formatConfusionMatrix(classNames: readonly string[], counts: number[][]): string {
  const recalls = counts.map((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return total ? formatPercent(row[i] / total) : 'n/a';
  });
  const left = Math.max(...classNames.map((name) => name.length));
  const short = classNames.map((name) => name.slice(0, 6));
  const line = (name: string, cells: (string | number)[]) =>
    `  ${name.padEnd(left)}  ${cells.map((cell) => String(cell).padStart(6)).join(' ')}`;
  return [
    line('', [...short, 'recall']),
    ...counts.map((row, i) => line(classNames[i], [...row, recalls[i]])),
  ].join('\n');
}
