import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import type { Explained } from './explanation.js';
import type { ActivationHook } from '../model/graph.js';
import { holdsRelu, isReluLayer } from '../model/layer-kinds.js';

/** Makes a hook that computes the rectifier as it is, and its gradient by a rule: (dy, x, y) -> dx. */
export function withBackwardRule(
  rule: (dy: tf.Tensor, x: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): ActivationHook {
  return (x, activation) => {
    const op = tf.customGrad((input, save) => {
      const value = activation(input as tf.Tensor);
      (save as tf.GradSaveFunc)([input as tf.Tensor, value]);
      return { value, gradFunc: (dy: tf.Tensor, [sx, sy]: tf.Tensor[]) => rule(dy, sx, sy) };
    });
    return op(x);
  };
}

/** A gradient in which rectifiers follow a rule of their own; an InputError if the model has none. */
export function gradientWithRule({ subject, x, gradient }: Explained, hook: ActivationHook): tf.Tensor4D {
  if (!subject.plan.steps.some(({ layer }) => isReluLayer(layer) || holdsRelu(layer)))
    throw new InputError(
      'Expected a model with rectifiers (ReLU and its kin) to change the gradient of, got none',
    );
  return gradient(x, hook);
}
