import { expectNumber, InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import type { Logs } from './logs.js';

/** Every optimizer of TensorFlow.js has the field, but declares it protected; some hold a copy of it as a scalar. */
interface RatedOptimizer {
  learningRate: number;
  setLearningRate?(rate: number): void;
}

function expectRated(optimizer: tf.Optimizer): RatedOptimizer {
  const rated = optimizer as unknown as RatedOptimizer | undefined;
  if (typeof rated?.learningRate === 'number') return rated;
  const got = rated?.constructor?.name ?? String(rated);
  throw new InputError(`Expected an optimizer with a learning rate, got ${got}`);
}

/** The rate that the next step of `optimizer` takes. */
export function getLearningRate(optimizer: tf.Optimizer): number {
  return expectRated(optimizer).learningRate;
}

/**
 * Lets `optimizer` go on at `rate`, 0 or above, from its next step on. Works for every optimizer of TensorFlow.js: SGD
 * and Momentum keep the rate in a tensor and are told through their method, the others read their field at each step.
 */
export function setLearningRate(optimizer: tf.Optimizer, rate: number): void {
  const rated = expectRated(optimizer);
  expectNumber('rate', rate, { min: 0 });
  if (rated.setLearningRate) rated.setLearningRate(rate);
  else rated.learningRate = rate;
}

/** Writes the rate into the logs of an epoch, under Keras's name and in the 32 bits that training sees of it. */
export function logLearningRate(logs: Logs, optimizer: tf.Optimizer): void {
  logs.learning_rate = Math.fround(getLearningRate(optimizer));
}
