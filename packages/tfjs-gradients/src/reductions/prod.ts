import * as tf from '@tensorflow/tfjs';
import type { GradientCorrection } from '../gradient-correction.js';

/** TensorFlow.js does not understand a negative axis here. */
export const PROD: GradientCorrection = {
  kernelName: 'Prod',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(dy, saved, attributes) {
      const axis = tf.util.parseAxisParam((attributes.axis ?? null) as number[], saved[0].shape);
      return original.gradFunc(dy, saved, { ...attributes, axis });
    },
  }),
};
