import * as tf from '@tensorflow/tfjs';
import type { GradientCorrection } from '../gradient-correction.js';

/** Each of the k largest values of a row passes its gradient to where it was. */
export const TOP_K: GradientCorrection = {
  kernelName: 'TopK',
  fault: 'missing',
  correct: () => ({
    inputsToSave: ['x'],
    outputsToSave: [false, true],
    gradFunc(dys, [x, indices]) {
      const [dy] = dys as tf.Tensor[];
      return {
        x: () => {
          const positions = tf.oneHot(indices as tf.Tensor1D, x.shape[x.rank - 1]);
          return tf.sum(tf.mul(tf.cast(positions, 'float32'), tf.expandDims(dy, -1)), -2);
        },
      };
    },
  }),
};
