import {
  expectObject,
  expectOptimizer,
  expectTensor,
  expectModel,
  expectNumber,
  expectOneOf,
  expectOptions,
  InputError,
  markCrossEntropyLoss,
  type OptionNames,
} from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { addUpdateRules, UPDATE_RULES, type UpdateRules } from './update-rules.js';

/** With Keras's defaults; TensorFlow.js takes the default of epsilon from the backend. */
const OPTIMIZERS = {
  adam: (rate: number) => tf.train.adam(rate, 0.9, 0.999, 1e-7),
  momentum: (rate: number, momentum = 0.9) => tf.train.momentum(rate, momentum),
  nesterov: (rate: number, momentum = 0.9) => tf.train.momentum(rate, momentum, true),
  rmsprop: (rate: number) => tf.train.rmsprop(rate, 0.9, 0, 1e-7),
  sgd: (rate: number) => tf.train.sgd(rate),
};

export type OptimizerName = keyof typeof OPTIMIZERS;

export const optimizerNames = Object.keys(OPTIMIZERS) as OptimizerName[];

const WITH_MOMENTUM = ['momentum', 'nesterov'];

/** The optimizers whose steps are linear in the gradient: a scaled gradient is a scaled learning rate. */
const GRADIENT_LINEAR = [...WITH_MOMENTUM, 'sgd'];

export interface CompileOptions extends UpdateRules {
  /**
   * 'momentum' and 'nesterov' are SGD with momentum; 'rmsprop' has rho 0.9. Default 'adam'. Steps are equal
   * to Keras's, with one exception: the momentum accumulates gradients, not steps, so that a change of the
   * learning rate also scales the accumulated ones (as in PyTorch).
   */
  optimizer?: OptimizerName;
  /** > 0. Default 1e-3. */
  learningRate?: number;
  /** Of 'momentum' and 'nesterov', 0 to 1 (1 excluded). Default 0.9. */
  momentum?: number;
}

const COMPILE_OPTIONS: OptionNames<CompileOptions> = {
  ...UPDATE_RULES,
  optimizer: true,
  learningRate: true,
  momentum: true,
};

/**
 * Compiles a classifier: cross-entropy on hard or soft targets (from logits if the model does not end in a
 * softmax) and accuracy. A model that ends in sigmoids has the binary cross-entropy, the mean over its units; one unit
 * is the probability of the second of two classes.
 *
 * @throws InputError if an option is not valid, or the model has one unit without a sigmoid.
 */
export function compileClassifier(model: tf.LayersModel, options: CompileOptions = {}): void {
  expectOptions('compileClassifier', options, COMPILE_OPTIONS);
  expectModel('model', model);
  const { optimizer: name = 'adam', learningRate = 1e-3, momentum } = expectCompileOptions(options);
  const optimizer = OPTIMIZERS[name](learningRate, momentum);
  const { weightDecay, biasScale } = options;
  addUpdateRules(optimizer, { model, weightDecay, biasScale });
  model.compile({ optimizer, ...lossAndMetrics(model) });
  markCrossEntropy(model);
}

function lossAndMetrics(model: tf.LayersModel): Pick<tf.ModelCompileArgs, 'loss' | 'metrics'> {
  const activation = lastActivation(model);
  const isOneUnit = model.outputs[0].shape.at(-1) === 1;
  if (activation === 'sigmoid')
    return { loss: binaryCrossEntropy, metrics: isOneUnit ? [acc] : ['accuracy'] };
  if (isOneUnit)
    throw new InputError(
      'Expected a classifier: one unit per class, or one sigmoid unit for two classes; got one unit with the ' +
        `activation ${activation}`,
    );
  return { loss: activation === 'softmax' ? crossEntropy : crossEntropyFromLogits, metrics: ['accuracy'] };
}

/** Marks the loss of a model if it is a cross-entropy: callbacks know then that a negative one is diverged. */
export function markCrossEntropy(model: tf.LayersModel): void {
  const { loss } = model;
  if (typeof loss === 'function' && (isLinearLoss(model) || isBinaryLoss(model))) markCrossEntropyLoss(loss);
}

/**
 * The options of `compileClassifier`, checked without a model.
 *
 * @returns the options.
 * @throws InputError that names the option, its range and its value.
 */
export function expectCompileOptions<Options extends CompileOptions>(options: Options): Options {
  expectObject('options', options);
  expectOptions<CompileOptions>('expectCompileOptions', options, COMPILE_OPTIONS);
  const { optimizer = 'adam', learningRate = 1e-3, momentum, weightDecay = 0, biasScale = 1 } = options;
  expectOneOf('optimizer', optimizer, optimizerNames);
  expectNumber('learningRate', learningRate, { min: Number.MIN_VALUE });
  if (momentum !== undefined) expectMomentum(momentum, optimizer);
  expectNumber('weightDecay', weightDecay, { min: 0 });
  if (learningRate * weightDecay >= 1)
    throw new InputError(
      `Expected learningRate times weightDecay to be below 1, got ${learningRate} x ${weightDecay}`,
    );
  expectNumber('biasScale', biasScale, { min: Number.MIN_VALUE });
  if (biasScale !== 1 && !GRADIENT_LINEAR.includes(optimizer))
    throw new InputError(`Expected the optimizer sgd, momentum or nesterov with biasScale, got ${optimizer}`);
  return options;
}

function expectMomentum(momentum: number, optimizer: OptimizerName): void {
  if (!WITH_MOMENTUM.includes(optimizer))
    throw new InputError(`Expected the optimizer momentum or nesterov with momentum, got ${optimizer}`);
  if (expectNumber('momentum', momentum, { min: 0, max: 1 }) === 1)
    throw new InputError('Expected momentum to be below 1, got 1');
}

/** The smallest normal float32. */
const MIN_PROBABILITY = 2 ** -126;

/**
 * The logarithm of probabilities, with a floor. The gradient is clipped: a weighted target divided by the
 * floor exceeds float32, and infinity times the 0 of the softmax gradient would make all weights NaN. The
 * softmax turns the clipped gradient into 0.
 */
const safeLog = tf.customGrad((probabilities, save) => {
  const floored = tf.maximum(probabilities as tf.Tensor, MIN_PROBABILITY);
  (save as tf.GradSaveFunc)([floored]);
  return {
    value: tf.log(floored),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.clipByValue(tf.div(dy, saved[0]), -1e38, 1e38),
  };
});

/**
 * The cross-entropy of probabilities, one value per image. That of TensorFlow.js clips probabilities at 1e-7,
 * so that the gradient is 0 where a model is most wrong; Keras computes from the logits of the softmax.
 * Without the clipping both agree.
 */
export function crossEntropy(targets: tf.Tensor, probabilities: tf.Tensor): tf.Tensor {
  expectTensor('targets', targets);
  expectTensor('probabilities', probabilities);
  return tf.tidy(() => tf.neg(tf.sum(tf.mul(targets, safeLog(probabilities)), -1)));
}

const crossEntropyFromLogits = (targets: tf.Tensor, logits: tf.Tensor) =>
  tf.tidy(() => tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1)));

/**
 * The binary cross-entropy of probabilities, the mean over the units: one value per image. As `crossEntropy` it is not
 * clipped at 1e-7, so that the gradient of a unit is 0 only where its probability is 0 or 1 in float32.
 */
const binaryCrossEntropy = (targets: tf.Tensor, probabilities: tf.Tensor) =>
  tf.tidy(() => {
    const ofOne = tf.mul(targets, safeLog(probabilities));
    const ofZero = tf.mul(tf.sub(1, targets), safeLog(tf.sub(1, probabilities)));
    return tf.neg(tf.mean(tf.add(ofOne, ofZero), -1));
  });

/**
 * The accuracy of one sigmoid unit, for soft targets too; that of TensorFlow.js compares targets with 0 and 1. Its name is
 * that of the metric in logs.
 */
const acc = (targets: tf.Tensor, probabilities: tf.Tensor) =>
  tf.tidy(() =>
    tf.mean(tf.cast(tf.equal(tf.greater(targets, 0.5), tf.greater(probabilities, 0.5)), 'float32'), -1),
  );

/** Whether the loss is that of models that end in sigmoids. */
export const isBinaryLoss = ({ loss }: tf.LayersModel) => (loss as unknown) === binaryCrossEntropy;

/** Whether the loss is one that is linear in its targets. */
export const isLinearLoss = ({ loss }: tf.LayersModel) =>
  (['categoricalCrossentropy', crossEntropy, crossEntropyFromLogits] as unknown[]).includes(loss);

/**
 * Disposes an optimizer, and the learning-rate tensor that the `dispose` of an optimizer with momentum leaves
 * behind.
 */
export function disposeOptimizer(optimizer: tf.Optimizer): void {
  expectOptimizer('optimizer', optimizer);
  optimizer.dispose();
  const { c } = optimizer as unknown as { c?: tf.Tensor };
  if (c && !c.isDisposed) c.dispose();
}

/** The activation that the model ends in; 'linear' if there is none. */
function lastActivation(model: tf.LayersModel): string {
  const last = model.layers.at(-1)!;
  if (last instanceof tf.LayersModel) return lastActivation(last);
  if (last.getClassName() === 'Softmax') return 'softmax';
  return String(last.getConfig().activation ?? 'linear');
}
