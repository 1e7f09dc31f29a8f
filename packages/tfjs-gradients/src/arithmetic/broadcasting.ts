import * as tf from '@tensorflow/tfjs';
import { onlyOne, type GradientCorrection } from '../gradient-correction.js';
import { sumToShape } from '../sum-to-shape.js';

/**
 * The gradient of an operation of `a` and `b` that TensorFlow.js computes in the shape of the result, and then refuses
 * where an operand was broadcast to it.
 */
const broadcasting = (kernelName: string): GradientCorrection => ({
  kernelName,
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(dy, saved, attributes) {
      const gradients = original.gradFunc(dy, saved, attributes);
      const [a, b] = saved;
      return {
        a: () => sumToShape(gradients.a(), a.shape),
        b: () => sumToShape(gradients.b(), b.shape),
      };
    },
  }),
});

/**
 * The gradient of an operation of two inputs that TensorFlow.js computes, except where a dimension of the result is 0: it
 * does not sum over it.
 */
const broadcastingToNothing = (kernelName: string, [first, second] = ['a', 'b']): GradientCorrection => ({
  kernelName,
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(dy, saved, attributes) {
      if (onlyOne(dy).size > 0) return original.gradFunc(dy, saved, attributes);
      const [a, b] = saved;
      return { [first]: () => tf.zeros(a.shape), [second]: () => tf.zeros(b.shape) };
    },
  }),
});

export const BROADCASTING: readonly GradientCorrection[] = [
  broadcasting('BatchMatMul'),
  broadcasting('Maximum'),
  broadcasting('Minimum'),
  broadcasting('SquaredDifference'),
  broadcastingToNothing('Add'),
  broadcastingToNothing('Sub'),
  broadcastingToNothing('Multiply'),
  broadcastingToNothing('RealDiv'),
  broadcastingToNothing('Mod'),
  broadcastingToNothing('Atan2'),
  broadcastingToNothing('Prelu', ['x', 'alpha']),
];
