import * as tf from '@tensorflow/tfjs';
import { lengthOf, type ObjectivePart, type ResolvedObjective } from './objective.js';

/** Computes the objectives of a batch of images from the values of a model. */
export interface ObjectiveScorer {
  /** The sources that it reads: numbers of values, and CLASS_SCORES if an objective is a class. */
  readonly sources: readonly number[];
  /** One score per image, from the values of `sources` in their order. Differentiable. */
  scoresOf(values: readonly tf.Tensor[]): tf.Tensor1D;
  dispose(): void;
}

interface ImagePart extends ObjectivePart {
  /** The position of the image in the batch. */
  readonly image: number;
}

/** All parts of one source, as constants for the whole batch. */
interface SourceTerm {
  readonly size: number;
  /** images x size: the weight of each number; undefined if no part is linear. */
  readonly linearWeights?: tf.Tensor2D;
  /** One per image: the weight of the sum of squares; undefined if no part is quadratic. */
  readonly squareWeights?: tf.Tensor1D;
}

function linearWeights(parts: readonly ImagePart[], count: number, size: number): tf.Tensor2D | undefined {
  const linear = parts.filter(({ indices }) => indices);
  if (linear.length === 0) return undefined;
  const weights = new Float32Array(count * size);
  for (const { image, weight, indices } of linear)
    for (const index of indices!) weights[image * size + index] += weight;
  return tf.tensor2d(weights, [count, size]);
}

function squareWeights(parts: readonly ImagePart[], count: number, size: number): tf.Tensor1D | undefined {
  const weights = new Float32Array(count);
  for (const { image, weight, indices } of parts) if (!indices) weights[image] += weight / size;
  return weights.some(Boolean) ? tf.tensor1d(weights) : undefined;
}

/** The terms of one source for all images. */
function termScores(value: tf.Tensor, count: number, term: SourceTerm): tf.Tensor1D[] {
  const flat = tf.reshape(value, [count, term.size]);
  return [
    ...(term.linearWeights ? [tf.sum<tf.Tensor1D>(tf.mul(flat, term.linearWeights), 1)] : []),
    ...(term.squareWeights ? [tf.mul<tf.Tensor1D>(tf.sum(tf.square(flat), 1), term.squareWeights)] : []),
  ];
}

/**
 * A scorer of one objective per image, as products with constant weights, so that all images of a batch are
 * optimized in one run of the model. The caller disposes it.
 */
export function createObjectiveScorer(objectives: readonly ResolvedObjective[]): ObjectiveScorer {
  const count = objectives.length;
  const parts = objectives.flatMap((objective, image) => objective.parts.map((part) => ({ image, ...part })));
  const sources = [...new Set(parts.map(({ source }) => source))];
  const terms = sources.map((source): SourceTerm => {
    const sourceParts = parts.filter((part) => part.source === source);
    const size = lengthOf(sourceParts[0].shape);
    return {
      size,
      linearWeights: linearWeights(sourceParts, count, size),
      squareWeights: squareWeights(sourceParts, count, size),
    };
  });
  return {
    sources,
    scoresOf: (values) => tf.addN(terms.flatMap((term, i) => termScores(values[i], count, term))),
    dispose: () =>
      terms.forEach((term) => [term.linearWeights, term.squareWeights].forEach((t) => t?.dispose())),
  };
}
