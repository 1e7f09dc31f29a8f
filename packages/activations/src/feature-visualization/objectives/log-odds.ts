import * as tf from '@tensorflow/tfjs';
import { isSoftmax } from '../../model/layer-kinds.js';
import type { ModelGraph } from '../../model/model-graph.js';
import { readScores } from '../../model/score-reading.js';

/** Less than any logit, and finite: an infinite value would make the gradient NaN. */
const BELOW_ALL = -3e38;

/** The smallest normal number of 32 bits: the logarithm of a probability stays finite. */
const TINY = 1.2e-38;

/**
 * Of each class the logit minus the log of the summed exponentials of the other logits. The sum of all others is
 * the sum of all but its own term, which is exact enough for every class but the highest: that one is summed
 * without it.
 */
function softmaxLogOdds(logits: tf.Tensor2D): tf.Tensor2D {
  const classes = logits.shape[1];
  const isHighest = tf.cast(tf.oneHot(tf.argMax<tf.Tensor1D>(logits, 1), classes), 'bool');
  const highest = tf.max(logits, 1, true);
  const withoutHighest = tf.where(isHighest, tf.fill(logits.shape, BELOW_ALL), logits);
  const othersOfHighest = tf.tile(tf.logSumExp(withoutHighest, 1, true), [1, classes]);
  const terms = tf.exp(tf.sub(logits, highest));
  const otherTerms = tf.sub(tf.sum(terms, 1, true), tf.where(isHighest, tf.zerosLike(terms), terms));
  const others = tf.where(isHighest, othersOfHighest, tf.add(tf.log(otherTerms), highest));
  return tf.sub<tf.Tensor2D>(logits, others);
}

const logOf = (probabilities: tf.Tensor) => tf.log(tf.maximum(probabilities, TINY));

/**
 * The log-odds log(p / (1 - p)) of the probability p of each class, images x classes. They are positive where
 * p > 0.5, and their gradient does not vanish as that of p does.
 *
 * @param scores the logits of the classes, or their probabilities if the output of the model has no logits
 */
export function logOdds(graph: ModelGraph, scores: tf.Tensor2D): tf.Tensor2D {
  const { kind, activation } = readScores(graph);
  return tf.tidy(() => {
    if (kind === 'probabilities' && !activation)
      return tf.sub<tf.Tensor2D>(logOf(scores), logOf(tf.sub(1, scores)));
    // Each unit of a sigmoid has its own odds, and its logit is their logarithm.
    return activation && !isSoftmax(activation.layer) ? scores.clone() : softmaxLogOdds(scores);
  });
}
