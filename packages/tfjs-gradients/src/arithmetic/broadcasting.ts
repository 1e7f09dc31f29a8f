import type { GradientCorrection } from '../gradient-correction.js';
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

export const BROADCASTING: readonly GradientCorrection[] = [
  broadcasting('BatchMatMul'),
  broadcasting('Maximum'),
  broadcasting('Minimum'),
  broadcasting('SquaredDifference'),
];
