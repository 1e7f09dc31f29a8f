import { expectNumber, expectOneOf, InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { addUpdateRules, type UpdateRules } from './update-rules.js';

/** With Keras's defaults, spelled out: TensorFlow.js takes its epsilon from the backend. */
const optimizers = {
  adam: (rate: number) => tf.train.adam(rate, 0.9, 0.999, 1e-7),
  momentum: (rate: number, momentum = 0.9) => tf.train.momentum(rate, momentum),
  nesterov: (rate: number, momentum = 0.9) => tf.train.momentum(rate, momentum, true),
  rmsprop: (rate: number) => tf.train.rmsprop(rate, 0.9, 0, 1e-7),
  sgd: (rate: number) => tf.train.sgd(rate),
};

export const optimizerNames = Object.keys(optimizers) as (keyof typeof optimizers)[];

/** Those whose steps grow with the gradient: scaling it is scaling the rate. */
const LINEAR = ['momentum', 'nesterov', 'sgd'];

export interface CompileOptions extends UpdateRules {
  /**
   * Default 'adam'. 'momentum' and 'nesterov' are SGD with a momentum; rmsprop has a rho of 0.9. All make the steps of
   * Keras's, but that a momentum keeps gradients, not steps: where the rate changes it changes past ones too (PyTorch's way).
   */
  optimizer?: keyof typeof optimizers;
  /** > 0. Default 1e-3. */
  learningRate?: number;
  /** Of momentum and nesterov, 0 to 1 (1 excluded). Default 0.9. */
  momentum?: number;
}

/**
 * Compiles a model that tells classes apart: cross-entropy on soft or hard targets, from logits if the model does not end
 * in a softmax, and accuracy.
 */
export function compileClassifier(model: tf.LayersModel, options: CompileOptions = {}): void {
  const { optimizer: name = 'adam', learningRate = 1e-3, momentum } = expectCompileOptions(options);
  const optimizer = optimizers[name](learningRate, momentum);
  addUpdateRules(optimizer, { ...options, model });
  model.compile({
    optimizer,
    loss: endsInSoftmax(model) ? crossEntropy : crossEntropyOfLogits,
    metrics: ['accuracy'],
  });
}

/** Returns the options if each is usable; else throws an InputError that names the option, its range and its value. */
export function expectCompileOptions<Options extends CompileOptions>(options: Options): Options {
  const { optimizer = 'adam', learningRate = 1e-3, momentum, weightDecay = 0, biasScale = 1 } = options;
  expectOneOf('optimizer', optimizer, optimizerNames);
  expectNumber('learningRate', learningRate, { min: Number.MIN_VALUE });
  if (momentum !== undefined) {
    if (!['momentum', 'nesterov'].includes(optimizer))
      throw new InputError(`Expected the optimizer momentum or nesterov with momentum, got ${optimizer}`);
    if (expectNumber('momentum', momentum, { min: 0, max: 1 }) === 1)
      throw new InputError('Expected momentum to be below 1, got 1');
  }
  expectNumber('weightDecay', weightDecay, { min: 0 });
  if (learningRate * weightDecay >= 1)
    throw new InputError(
      `Expected learningRate times weightDecay to be below 1, got ${learningRate} x ${weightDecay}`,
    );
  expectNumber('biasScale', biasScale, { min: Number.MIN_VALUE });
  if (biasScale !== 1 && !LINEAR.includes(optimizer))
    throw new InputError(`Expected the optimizer sgd, momentum or nesterov with biasScale, got ${optimizer}`);
  return options;
}

/** The smallest normal number, and no larger floor: see crossEntropy. */
const SMALLEST = 2 ** -126;

/**
 * The logarithm of probabilities. A weighed target over the smallest of them is beyond 32 bits, and infinity times the
 * softmax's own 0 would be NaN in every weight: the gradient stays finite, and the softmax makes it 0 again.
 */
const logOf = tf.customGrad((probabilities, save) => {
  const floored = tf.maximum(probabilities as tf.Tensor, SMALLEST);
  (save as tf.GradSaveFunc)([floored]);
  return {
    value: tf.log(floored),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.clipByValue(tf.div(dy, saved[0]), -1e38, 1e38),
  };
});

/**
 * Cross-entropy of probabilities, one value an image. That of TensorFlow.js cuts probabilities off at 1e-7, which stops
 * the gradient just where a model is most wrong; Keras takes the logits behind the softmax. Without the floor both agree.
 */
export function crossEntropy(targets: tf.Tensor, probabilities: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.neg(tf.sum(tf.mul(targets, logOf(probabilities)), -1)));
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
