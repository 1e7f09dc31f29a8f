import * as tf from '@tensorflow/tfjs';
import type { ActivationHook } from '../../model/run-graph.js';

/**
 * A hook that lets gradients pass inactive rectifiers, so that an ascent can start where all relevant units
 * are zero. If `redirected` is 1 for an image and the rectifier blocks its whole gradient, the positive part
 * of the gradient passes, which activates units. All other gradients, and all outputs, are unchanged. After
 * the redirected ReLU gradient of Olah, Mordvintsev and Schubert (2017).
 *
 * @param redirected 1 or 0 per image
 */
export const redirectReluGradient =
  (redirected: tf.Tensor1D): ActivationHook =>
  (x, activation) => {
    const op = tf.customGrad((_input, output, save) => {
      (save as tf.GradSaveFunc)([output as tf.Tensor]);
      const gradFunc = (dy: tf.Tensor, [y]: tf.Tensor[]) => {
        const inputGradient = tf.tidy(() => {
          const axes = Array.from({ length: y.rank - 1 }, (_, i) => i + 1);
          const passed = tf.sum(tf.abs(tf.mul(dy, y)), axes, true);
          const isBlocked = tf.cast(tf.equal(passed, 0), 'float32');
          return tf.mul(tf.relu(dy), tf.mul(isBlocked, tf.reshape(redirected, passed.shape)));
        });
        return [inputGradient, dy];
      };
      return { value: (output as tf.Tensor).clone(), gradFunc };
    });
    return op(x, activation(x));
  };
