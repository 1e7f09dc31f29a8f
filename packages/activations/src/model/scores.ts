import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import type { ModelGraph } from './model-graph.js';
import { leadsTo, runGraph, type RunOptions } from './run-graph.js';
import { readScores, type ScoreReading } from './score-reading.js';

export const SCORES = ['logit', 'probability'] as const;

/** The score of a class: its logit or its probability. */
export type Score = (typeof SCORES)[number];

/**
 * The last value that scores are computed from: for logits the input of the softmax or sigmoid, if the output is
 * computed by one.
 */
export function scoreSource({ value, activation }: ScoreReading, score: Score): number {
  return score === 'logit' && activation ? activation.inputs[0] : value;
}

/**
 * How the scores are read from the output of a model.
 *
 * @throws InputError unless it has scores of this name: a value has no probability.
 */
export function expectScore(graph: ModelGraph, score: Score): ScoreReading {
  const reading = readScores(graph);
  if (reading.kind !== 'values' || score === 'logit') return reading;
  throw new InputError(
    `Expected score to be 'logit' for a model that outputs a value (${reading.reason}), got 'probability'`,
  );
}

/** The scores of both classes from those of one unit: the probabilities 1 - p and p, or the logits -z and z. */
const bothClasses = (unit: tf.Tensor, score: Score): tf.Tensor =>
  tf.concat([score === 'logit' ? tf.neg(unit) : tf.sub(1, unit), unit], 1);

/**
 * The class scores, images x classes, and the values `wanted`: new tensors. Logits are the input of the last
 * softmax or sigmoid. The output of a model without one is taken for logits, and its probabilities are their
 * softmax; probabilities that are combined of several have no logits, and stand for them. One unit of a sigmoid
 * has the scores of two classes; a value is its only score.
 */
export function runScores(
  graph: ModelGraph,
  x: tf.Tensor,
  {
    score = 'logit',
    wanted = [],
    ...options
  }: RunOptions & { score?: Score; wanted?: readonly number[] } = {},
): [scores: tf.Tensor2D, ...values: tf.Tensor[]] {
  const reading = readScores(graph);
  const { value, kind, activation } = reading;
  return tf.tidy(() => {
    const skipSoftmax = score === 'logit' ? activation : undefined;
    // A run that skips the softmax has other values at the softmax and after it: these come from a second
    // run.
    const isChanged = (value: number) => skipSoftmax && leadsTo(graph, skipSoftmax.outputs[0], value);
    const changed = wanted.filter(isChanged);
    const unchanged = wanted.filter((value) => !isChanged(value));
    const [output, ...values] = runGraph(graph, [x], [value, ...unchanged], { ...options, skipSoftmax });
    const changedValues = changed.length > 0 ? runGraph(graph, [x], changed, options) : [];
    return [
      scoresOfUnits(output, reading, kind === 'probabilities' && !activation ? 'probability' : score),
      ...wanted.map((value) => (isChanged(value) ? changedValues : values).shift()!),
    ];
  });
}

function scoresOfUnits(units: tf.Tensor, { kind, ...reading }: ScoreReading, score: Score): tf.Tensor2D {
  if (kind === 'logits' && score === 'probability') return tf.softmax(units as tf.Tensor2D);
  return (reading.units === 1 && kind === 'probabilities' ? bothClasses(units, score) : units) as tf.Tensor2D;
}

/** The class with the highest score in each row; of equal scores the lower index. */
export function argMaxRows(scores: ArrayLike<number>, classes: number): number[] {
  return Array.from({ length: scores.length / classes }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (scores[row * classes + c] > scores[row * classes + best]) best = c;
    return best;
  });
}
