import * as tf from '@tensorflow/tfjs';
import type { CorrectionInput } from './correction-input.js';
import { percentile } from './percentile.js';

/** 1 for each value that is not below the percentile of its image, else 0. */
function keptPositions(values: Float32Array, size: number, percent: number): Float32Array {
  const kept = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += size) {
    const threshold = percentile(values.subarray(start, start + size), percent);
    for (let i = start; i < start + size; i++) kept[i] = Number(values[i] >= threshold);
  }
  return kept;
}

/**
 * Sets pixels to the origin: those whose magnitude (count x height x width) is below a percentile of their
 * image.
 */
async function clipBelowPercentile(
  { image, origin }: CorrectionInput,
  percent: number,
  magnitudeOf: () => tf.Tensor,
): Promise<tf.Tensor4D> {
  const [count, height, width] = image.shape;
  const magnitude = tf.tidy(magnitudeOf);
  const values = (await magnitude.data().finally(() => magnitude.dispose())) as Float32Array;
  return tf.tidy(() => {
    const mask = tf.tensor4d(keptPositions(values, height * width, percent), [count, height, width, 1]);
    return tf.add<tf.Tensor4D>(tf.mul(tf.sub(image, origin), mask), origin);
  });
}

interface ClipOptions {
  readonly percent: number;
}

/** Sets the pixels nearest to the origin to the origin, by the Euclidean norm over the channels. */
export const clipNorm = (input: CorrectionInput, { percent }: ClipOptions): Promise<tf.Tensor4D> =>
  clipBelowPercentile(input, percent, () => tf.norm(tf.sub(input.image, input.origin), 'euclidean', 3));

/** Sets the pixels of the smallest contribution to the score to the origin: |(pixel - origin) . gradient|. */
export const clipContribution = (input: CorrectionInput, { percent }: ClipOptions): Promise<tf.Tensor4D> =>
  clipBelowPercentile(input, percent, () =>
    tf.abs(tf.sum(tf.mul(tf.sub(input.image, input.origin), input.gradient), 3)),
  );
