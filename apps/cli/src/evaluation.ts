import type { BlobStore } from '@convlens/storage';
import type { Evaluation, ImageSet } from '@convlens/core';
import { evaluateSubject, keepEvaluation, type Subject, type TestTimeViews } from '@convlens/pipeline';
import { percent, type Console } from './console.js';

interface EvaluationRequest {
  subject: Subject;
  store: BlobStore;
  images: ImageSet;
  average?: TestTimeViews;
}

/** Measures a model on test images, says how good it is, and keeps that with its run. */
export async function evaluate(
  { subject, store, images, average }: EvaluationRequest,
  console: Console,
  signal: AbortSignal,
): Promise<Evaluation> {
  const bar = console.bar('evaluating');
  try {
    const onProgress = (done: number, total: number) => bar.update(done, total);
    const evaluation = await evaluateSubject(subject, images, { average, signal, onProgress });
    bar.stop();
    const { accuracy, loss, count, name, confusion } = evaluation;
    const { classNames } = confusion;
    const size = classNames.length;
    const counts = classNames.map((_, row) => [...confusion.counts.subarray(row * size, (row + 1) * size)]);
    const head = `${name}: accuracy ${percent(accuracy)}, loss ${loss.toFixed(4)} on ${count} images`;
    const text = `${head}\n\n${confusionText(classNames, counts)}`;
    console.event('evaluation', { name, count, accuracy, loss, classNames, confusion: counts }, text);
    await keepEvaluation(store, subject.run?.summary, evaluation);
    return evaluation;
  } finally {
    bar.stop();
  }
}

/** Rows are true classes, columns what the model said. */
function confusionText(classNames: readonly string[], counts: number[][]): string {
  const right = counts.map((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return total ? percent(row[i] / total) : 'none';
  });
  const left = Math.max(...classNames.map((name) => name.length));
  const short = classNames.map((name) => name.slice(0, 6));
  const line = (name: string, cells: (string | number)[]) =>
    `  ${name.padEnd(left)}  ${cells.map((cell) => String(cell).padStart(6)).join(' ')}`;
  return [
    line('', [...short, 'right']),
    ...counts.map((row, i) => line(classNames[i], [...row, right[i]])),
  ].join('\n');
}
