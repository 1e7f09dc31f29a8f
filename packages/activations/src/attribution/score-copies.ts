import * as tf from '@tensorflow/tfjs';
import type { ExplainBatch } from './explain-session.js';

/** Copies of a batch as one tensor, one after the other. */
export const concatCopies = (copies: tf.Tensor4D[]): tf.Tensor4D =>
  copies.length === 1 ? copies[0] : tf.concat(copies, 0);

/**
 * The scores of changed copies of a batch, copies x images, row-major. `copiesOf` makes the copies `start` to
 * `end` (not included); the model runs as many together as fit into a batch.
 */
export async function scoreCopies(
  { x, maxRows, scoreOf, pause }: ExplainBatch,
  { count, copiesOf }: { count: number; copiesOf: (start: number, end: number) => tf.Tensor4D[] },
): Promise<Float32Array> {
  const images = x.shape[0];
  const copiesPerRun = Math.max(1, Math.floor(maxRows / images));
  const scores = new Float32Array(count * images);
  for (let start = 0; start < count; start += copiesPerRun) {
    await pause();
    const end = Math.min(count, start + copiesPerRun);
    const result = tf.tidy(() => scoreOf(concatCopies(copiesOf(start, end))));
    try {
      scores.set(await result.data(), start * images);
    } finally {
      result.dispose();
    }
  }
  return scores;
}
