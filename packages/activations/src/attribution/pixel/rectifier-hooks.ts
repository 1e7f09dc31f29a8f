import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import { hasReluActivation, isReluLayer } from '../../model/layer-kinds.js';
import type { ActivationHook } from '../../model/run-graph.js';
import type { ExplainBatch } from '../explain-session.js';

/**
 * A hook that leaves the output of a rectifier unchanged and computes its gradient by a rule: (dy, x, y) ->
 * dx.
 */
export function withBackwardRule(
  rule: (dy: tf.Tensor, x: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): ActivationHook {
  return (x, activation) => {
    const op = tf.customGrad((input, save) => {
      const value = activation(input as tf.Tensor);
      (save as tf.GradSaveFunc)([input as tf.Tensor, value]);
      return {
        value,
        gradFunc: (dy: tf.Tensor, [savedX, savedY]: tf.Tensor[]) => rule(dy, savedX, savedY),
      };
    });
    return op(x);
  };
}

/**
 * The gradient of the score with a backward rule for all rectifiers.
 *
 * @throws InputError if the model has no rectifier.
 */
export function gradientWithRule(
  { modelInput, x, gradient }: ExplainBatch,
  hook: ActivationHook,
): tf.Tensor4D {
  if (!modelInput.graph.nodes.some(({ layer }) => isReluLayer(layer) || hasReluActivation(layer)))
    throw new InputError(
      'Expected a model with rectifiers (ReLU or a variant), got none: use a method that needs none, such as saliency',
      { code: 'not-applicable' },
    );
  return gradient(x, hook);
}
