import { expectNumber, InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import type { Logs } from './base/logs.js';

/** Every optimizer of TensorFlow.js has the field, declared as protected; some also hold it as a tensor. */
interface HasLearningRate {
  learningRate: number;
  setLearningRate?(rate: number): void;
}

function expectLearningRateOptimizer(optimizer: tf.Optimizer): HasLearningRate {
  const withRate = optimizer as unknown as HasLearningRate | undefined;
  if (typeof withRate?.learningRate === 'number') return withRate;
  const typeName = withRate?.constructor?.name ?? String(withRate);
  throw new InputError(`Expected an optimizer with a learning rate, got ${typeName}`);
}

/**
 * The learning rate of the next step.
 *
 * @throws InputError if `optimizer` has no learning rate.
 */
export function getLearningRate(optimizer: tf.Optimizer): number {
  return expectLearningRateOptimizer(optimizer).learningRate;
}

/**
 * Sets the learning rate, >= 0, from the next step on, for every optimizer of TensorFlow.js: SGD and Momentum
 * hold the rate in a tensor and have a method to change it, the others read their field at each step.
 *
 * @throws InputError if the rate is out of range or `optimizer` has no learning rate.
 */
export function setLearningRate(optimizer: tf.Optimizer, rate: number): void {
  const withRate = expectLearningRateOptimizer(optimizer);
  expectNumber('rate', rate, { min: 0 });
  if (withRate.setLearningRate) withRate.setLearningRate(rate);
  else withRate.learningRate = rate;
}

/** Adds the learning rate to the logs of an epoch, under Keras's name and in float32, as training uses it. */
export function logLearningRate(logs: Logs, optimizer: tf.Optimizer): void {
  logs.learning_rate = Math.fround(getLearningRate(optimizer));
}
