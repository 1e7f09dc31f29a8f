import * as tf from '@tensorflow/tfjs';
import type { ActivationHook } from '../model/graph.js';

/**
 * Lets the climb of the images that `closed` marks (1, others 0) begin where every unit that matters is closed: an image to which a rectifier hands back no gradient at all,
 * because it puts out 0 wherever one arrives, gets the part of it that would open units. Values are as ever, and so is
 * the gradient of all other images. After the redirected ReLU gradient of Olah, Mordvintsev, Schubert (2017).
 */
export const openUnits =
  (closed: tf.Tensor1D): ActivationHook =>
  (x, activation) => {
    const op = tf.customGrad((_input, output, save) => {
      (save as tf.GradSaveFunc)([output as tf.Tensor]);
      const gradFunc = (dy: tf.Tensor, [y]: tf.Tensor[]) => {
        const redirected = tf.tidy(() => {
          const axes = Array.from({ length: y.rank - 1 }, (_, i) => i + 1);
          const passed = tf.sum(tf.abs(tf.mul(dy, y)), axes, true);
          const blocked = tf.mul(tf.cast(tf.equal(passed, 0), 'float32'), tf.reshape(closed, passed.shape));
          return tf.mul(tf.relu(dy), blocked);
        });
        return [redirected, dy];
      };
      return { value: (output as tf.Tensor).clone(), gradFunc };
    });
    return op(x, activation(x));
  };
