import type { InputTrial, Prediction } from '@convlens/core';
import { bestPermutation, fractionOf } from './chance-accuracy.js';
import type { InputCandidate } from './input-candidates.js';

/** A trial, and what it is compared by. */
export interface TrialResult {
  readonly trial: InputTrial;
  /** The mean cross-entropy. */
  readonly loss: number;
  /** The mean cross-entropy under the best permutation of the classes. */
  readonly permutedLoss: number;
  /** The predicted class of each image. */
  readonly predicted: readonly number[];
}

/** Keeps the logarithm finite. */
const SMALLEST = 2 ** -126;

/** Evaluates the predictions of a model for a candidate. */
export function trialResult(
  { images: _, ...candidate }: InputCandidate,
  labels: Int32Array,
  predictions: readonly Prediction[],
): TrialResult {
  const classes = predictions[0].probabilities.length;
  const predicted = predictions.map((prediction) => prediction.predicted);
  const { classOrder, accuracy: permutedAccuracy } = bestPermutation(labels, predicted, classes);
  const meanLoss = (classOfLabel: (label: number) => number) => {
    const losses = predictions.map(
      ({ probabilities }, i) => -Math.log(Math.max(SMALLEST, probabilities[classOfLabel(labels[i])])),
    );
    return losses.reduce((sum, loss) => sum + loss, 0) / predictions.length;
  };
  return {
    trial: {
      ...candidate,
      accuracy: fractionOf(predicted.map((prediction, i) => prediction === labels[i])),
      permutedAccuracy,
      classOrder,
    },
    loss: meanLoss((label) => label),
    permutedLoss: meanLoss((label) => classOrder.indexOf(label)),
    predicted,
  };
}
