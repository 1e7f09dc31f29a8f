import * as tf from '@tensorflow/tfjs';
import type { Heatmap, PerturbationCurve } from '@convlens/core';
import type { ExplainBatch } from '../attribution/explain-session.js';
import { scoreCopies } from '../attribution/score-copies.js';
import { baselineImages, type Baseline } from './baseline.js';

export interface Perturbation {
  readonly kind: PerturbationCurve['kind'];
  readonly baseline: Baseline;
  /** The number of changed pixels at each step. */
  readonly changedCounts: readonly number[];
}

/**
 * The rank of each pixel by its value, highest first, from 0; of equal values the lower pixel comes first.
 */
function pixelRanks({ values }: Heatmap): Float32Array {
  const pixels = Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a]);
  const ranks = new Float32Array(pixels.length);
  pixels.forEach((pixel, rank) => (ranks[pixel] = rank));
  return ranks;
}

/** The scores at each step, steps x images. `heatmaps` are those of the batch. */
export async function perturbedScores(
  batch: ExplainBatch,
  heatmaps: readonly Heatmap[],
  { kind, baseline, changedCounts }: Perturbation,
): Promise<Float32Array> {
  const { x } = batch;
  const [, height, width, channels] = x.shape;
  const baselines = await baselineImages(batch, baseline);
  const ranks = tf.tidy(() =>
    tf.stack(heatmaps.map((heatmap) => tf.tensor3d(pixelRanks(heatmap), [height, width, 1]))),
  );
  const [unchanged, changed] = kind === 'deletion' ? [x, baselines] : [baselines, x];
  const perturbed = (count: number) =>
    tf.where<tf.Tensor4D>(tf.tile(tf.less(ranks, count), [1, 1, 1, channels]), changed, unchanged);
  try {
    return await scoreCopies(batch, {
      count: changedCounts.length,
      copiesOf: (start, end) => changedCounts.slice(start, end).map(perturbed),
    });
  } finally {
    tf.dispose([baselines, ranks]);
  }
}
