import * as tf from '@tensorflow/tfjs';
import type { ExplainBatch } from '../explain-session.js';
import { concatCopies } from '../score-copies.js';

export const GRADIENT_MEANS = ['mean', 'square', 'variance'] as const;

/**
 * How the gradients at several points become one: their mean, the mean of their squares, or their variance.
 */
export type GradientMean = (typeof GRADIENT_MEANS)[number];

/** The terms of one gradient whose sums give the result. */
const TERMS: Record<GradientMean, (gradient: tf.Tensor4D) => tf.Tensor4D[]> = {
  mean: (gradient) => [gradient],
  square: (gradient) => [tf.square(gradient)],
  variance: (gradient) => [tf.square(gradient), gradient],
};

interface MeanGradientOptions {
  /** The number of points. */
  count: number;
  /** The model input at point `k`, of the shape of the batch: a new tensor. */
  pointOf: (k: number) => tf.Tensor4D;
  /** Default 'mean'. */
  kind?: GradientMean;
}

/**
 * The mean gradient over `count` points: a new tensor of the shape of the batch. The model runs as many
 * points together as fit into a batch.
 */
export async function meanGradient(
  { gradient, pause, x, maxRows }: ExplainBatch,
  { count, pointOf, kind = 'mean' }: MeanGradientOptions,
): Promise<tf.Tensor4D> {
  const [images, ...size] = x.shape;
  const pointsPerRun = Math.max(1, Math.floor(maxRows / images));
  const termsOf = TERMS[kind];
  let sums = tf.tidy(() => termsOf(x).map((term) => tf.zerosLike<tf.Tensor4D>(term)));
  try {
    for (let start = 0; start < count; start += pointsPerRun) {
      await pause();
      const length = Math.min(pointsPerRun, count - start);
      const nextSums = tf.tidy(() => {
        const points = Array.from({ length }, (_, i) => pointOf(start + i));
        const gradients = gradient(concatCopies(points));
        let partialSums: tf.Tensor4D[] = sums;
        for (let i = 0; i < length; i++) {
          const terms = termsOf(tf.slice(gradients, [i * images, 0, 0, 0], [images, ...size]));
          partialSums = partialSums.map((sum, t) => tf.add(sum, terms[t]));
        }
        return partialSums;
      });
      tf.dispose(sums);
      sums = nextSums;
    }
    return tf.tidy(() => {
      const [mean, meanOfValues] = sums.map((sum) => tf.div<tf.Tensor4D>(sum, count));
      if (kind !== 'variance') return mean;
      // The mean of the squares less the square of the mean; rounding must not make it negative.
      return tf.relu<tf.Tensor4D>(tf.sub<tf.Tensor4D>(mean, tf.square(meanOfValues)));
    });
  } finally {
    tf.dispose(sums);
  }
}
