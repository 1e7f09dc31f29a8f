import { trainedWeights, type OptionNames } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

export interface UpdateRules {
  /**
   * Decoupled weight decay of the kernels (AdamW; Loshchilov and Hutter, 2017): before each step a kernel is
   * multiplied by 1 - learningRate * weightDecay. Keras's weight_decay without biases and batch norm. >= 0,
   * default 0.
   */
  weightDecay?: number;
  /**
   * The learning rate of the offsets of batch norm (beta), as a multiple of that of the other weights: the
   * "bias scaler" of Jordan (2024), after Page (2018). > 0, default 1; other values only with sgd, momentum
   * and nesterov.
   */
  biasScale?: number;
}

export const UPDATE_RULES: OptionNames<UpdateRules> = { weightDecay: true, biasScale: true };

/**
 * By the last part of a weight's name; depthwise and separable convolutions have depthwise_kernel and
 * pointwise_kernel.
 */
const KERNEL = /(^|[/_])kernel$/;
const BATCH_NORM_BETA = /(^|\/)beta$/;

type Gradients = { name: string; tensor: tf.Tensor }[];

interface HasLearningRate {
  readonly learningRate: number;
  applyGradients(gradients: Gradients): void;
}

/**
 * Makes an optimizer treat kernels and batch-norm offsets differently from other weights, which TensorFlow.js
 * cannot. The rules have no state, so a checkpoint of the optimizer is complete without them.
 */
export function addUpdateRules(
  optimizer: tf.Optimizer,
  { model, weightDecay = 0, biasScale = 1 }: UpdateRules & { model: tf.LayersModel },
): void {
  if (weightDecay === 0 && biasScale === 1) return;
  const target = optimizer as unknown as HasLearningRate;
  const applyGradients = target.applyGradients.bind(optimizer);
  /** Of the weights that the optimizer updates: layers may be frozen and unfrozen after the model was compiled. */
  const variablesOf = (role: RegExp, frozen: ReadonlySet<string>) =>
    trainedWeights(model)
      .filter(({ name, originalName }) => role.test(originalName) && !frozen.has(name))
      .map((weight) => weight.read() as tf.Variable);
  target.applyGradients = (gradients) =>
    tf.tidy(() => {
      const hasNoGradient = ({ tensor }: { tensor?: tf.Tensor | null }) => !tensor;
      const frozen = new Set(gradients.filter(hasNoGradient).map(({ name }) => name));
      if (weightDecay > 0)
        for (const kernel of variablesOf(KERNEL, frozen))
          kernel.assign(tf.mul(kernel, 1 - target.learningRate * weightDecay));
      const scaledNames = new Set(
        biasScale === 1 ? [] : variablesOf(BATCH_NORM_BETA, frozen).map(({ name }) => name),
      );
      applyGradients(
        gradients.map(({ name, tensor }) => ({
          name,
          tensor: scaledNames.has(name) ? tf.mul(tensor, biasScale) : tensor,
        })),
      );
    });
}
