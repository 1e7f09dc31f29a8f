import * as tf from '@tensorflow/tfjs';

export interface UpdateRules {
  /**
   * The share of each kernel that a step takes away, times the learning rate, before the step: the decoupled weight decay
   * of Loshchilov and Hutter (2017), Keras's weight_decay with biases and batch norm excluded. >= 0, default 0.
   */
  weightDecay?: number;
  /**
   * The learning rate of batch norm's offsets (beta), in rates of the other weights: the "bias scaler" of Jordan (2024),
   * after Page (2018). > 0, default 1; other values only for sgd, momentum and nesterov.
   */
  biasScale?: number;
}

/** By the last part of a weight's name: of depthwise and separable convolutions it is depthwise_kernel, pointwise_kernel. */
const KERNEL = /(^|[/_])kernel$/;
const OFFSET = /(^|\/)beta$/;

type Gradients = { name: string; tensor: tf.Tensor }[];

interface Rated {
  readonly learningRate: number;
  applyGradients(gradients: Gradients): void;
}

/**
 * Lets an optimizer treat some weights of a model otherwise than the rest; by itself it knows none by what it is. It keeps
 * nothing between steps, so a checkpoint of the optimizer is whole without it.
 */
export function addUpdateRules(
  optimizer: tf.Optimizer,
  { model, weightDecay = 0, biasScale = 1 }: UpdateRules & { model: tf.LayersModel },
): void {
  if (weightDecay === 0 && biasScale === 1) return;
  const rated = optimizer as unknown as Rated;
  const apply = rated.applyGradients.bind(optimizer);
  const variablesOf = (role: RegExp) =>
    model.trainableWeights
      .filter(({ originalName }) => role.test(originalName))
      .map((weight) => weight.read() as tf.Variable);
  rated.applyGradients = (gradients) =>
    tf.tidy(() => {
      if (weightDecay > 0)
        for (const kernel of variablesOf(KERNEL))
          kernel.assign(tf.mul(kernel, 1 - rated.learningRate * weightDecay));
      const scaled = new Set(biasScale === 1 ? [] : variablesOf(OFFSET).map(({ name }) => name));
      apply(
        gradients.map(({ name, tensor }) => ({
          name,
          tensor: scaled.has(name) ? tf.mul(tensor, biasScale) : tensor,
        })),
      );
    });
}
