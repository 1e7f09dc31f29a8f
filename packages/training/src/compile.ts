import { expectNumber, expectOneOf } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** With Keras's defaults, spelled out: TensorFlow.js takes its epsilon from the backend. */
const optimizers = {
  adam: (rate: number) => tf.train.adam(rate, 0.9, 0.999, 1e-7),
  momentum: (rate: number) => tf.train.momentum(rate, 0.9),
  nesterov: (rate: number) => tf.train.momentum(rate, 0.9, true),
  rmsprop: (rate: number) => tf.train.rmsprop(rate, 0.9, 0, 1e-7),
  sgd: (rate: number) => tf.train.sgd(rate),
};

export const optimizerNames = Object.keys(optimizers) as (keyof typeof optimizers)[];

export interface CompileOptions {
  /**
   * Default 'adam'. 'momentum' and 'nesterov' are SGD with a momentum of 0.9; rmsprop has a rho of 0.9. All make the steps
   * of Keras's, but that a momentum keeps gradients, not steps: where the rate changes it changes past ones too (PyTorch's way).
   */
  optimizer?: keyof typeof optimizers;
  /** > 0. Default 1e-3. */
  learningRate?: number;
}

/**
 * Compiles a model that tells classes apart: cross-entropy on soft or hard targets, from logits if the model does not end
 * in a softmax, and accuracy.
 */
export function compileClassifier(model: tf.LayersModel, options: CompileOptions = {}): void {
  const { optimizer = 'adam', learningRate = 1e-3 } = options;
  expectNumber('learningRate', learningRate, { min: Number.MIN_VALUE });
  const make = optimizers[expectOneOf('optimizer', optimizer, optimizerNames)];
  model.compile({
    optimizer: make(learningRate),
    loss: endsInSoftmax(model) ? crossEntropy : crossEntropyOfLogits,
    metrics: ['accuracy'],
  });
}

/** The smallest normal number, and no larger floor: see crossEntropy. */
const SMALLEST = 2 ** -126;

/**
 * Cross-entropy of probabilities, one value an image. That of TensorFlow.js cuts probabilities off at 1e-7, which stops
 * the gradient just where a model is most wrong; Keras takes the logits behind the softmax. Without the floor both agree.
 */
export function crossEntropy(targets: tf.Tensor, probabilities: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.neg(tf.sum(tf.mul(targets, tf.log(tf.maximum(probabilities, SMALLEST))), -1)));
}

const crossEntropyOfLogits = (targets: tf.Tensor, logits: tf.Tensor) =>
  tf.tidy(() => tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1)));

/** Whether the loss is known to be linear in its targets. */
export const isLinearLoss = ({ loss }: tf.LayersModel) =>
  (['categoricalCrossentropy', crossEntropy, crossEntropyOfLogits] as unknown[]).includes(loss);

/** Disposes an optimizer, and the learning rate in a tensor that those with a momentum leave behind. */
export function disposeOptimizer(optimizer: tf.Optimizer): void {
  optimizer.dispose();
  const { c } = optimizer as unknown as { c?: tf.Tensor };
  if (c && !c.isDisposed) c.dispose();
}

function endsInSoftmax(model: tf.LayersModel): boolean {
  const last = model.layers.at(-1)!;
  if (last instanceof tf.LayersModel) return endsInSoftmax(last);
  return last.getClassName() === 'Softmax' || last.getConfig().activation === 'softmax';
}
