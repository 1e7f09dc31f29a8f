import { randomAt, shuffledIndices } from '@convlens/core';
import { bestAssignment } from './best-assignment.js';

/**
 * The number of standard deviations above the mean accuracy on shuffled labels that still counts as chance.
 */
export const CHANCE_DEVIATIONS = 4;

const SHUFFLES = 30;

export const fractionOf = (hits: readonly boolean[]) => hits.filter(Boolean).length / hits.length;

/** How often each class is predicted for each label: classes x labels. */
function countPredictions(
  labels: ArrayLike<number>,
  predicted: readonly number[],
  classes: number,
): Float64Array {
  const counts = new Float64Array(classes * classes);
  predicted.forEach((prediction, i) => counts[prediction * classes + labels[i]]++);
  return counts;
}

/** The permutation of the classes with the highest accuracy: the label of each class of the model. */
export function bestPermutation(labels: ArrayLike<number>, predicted: readonly number[], classes: number) {
  const classOrder = bestAssignment(countPredictions(labels, predicted, classes), classes);
  const hits = predicted.map((prediction, i) => classOrder[prediction] === labels[i]);
  return { classOrder, accuracy: fractionOf(hits) };
}

/**
 * `accuracyOf` for the labels in several random orders: its mean plus CHANCE_DEVIATIONS standard deviations.
 */
export function chanceAccuracy(labels: Int32Array, accuracyOf: (labels: Int32Array) => number): number {
  const accuracies = Array.from({ length: SHUFFLES }, (_, k) => {
    const order = shuffledIndices(labels.length, randomAt(0, 'diagnose-input', k));
    return accuracyOf(Int32Array.from(order, (position) => labels[position]));
  });
  const mean = accuracies.reduce((a, b) => a + b) / SHUFFLES;
  const variance = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / SHUFFLES;
  return mean + CHANCE_DEVIATIONS * Math.sqrt(variance);
}
