import * as tf from '@tensorflow/tfjs';
import type { GradientCorrection } from '../gradient-correction.js';

/** The gradient of a function that is constant wherever it has a derivative. */
const constant = (
  kernelName: string,
  inputs: readonly string[],
  fault: GradientCorrection['fault'] = 'missing',
): GradientCorrection => ({
  kernelName,
  fault,
  correct: () => ({
    inputsToSave: [...inputs],
    gradFunc: (_, saved) =>
      Object.fromEntries(inputs.map((name, i) => [name, () => tf.zeros(saved[i].shape)])),
  }),
});

/**
 * A cast from numbers to integers or truth values is constant between its steps; other casts keep the values.
 * TensorFlow.js passes the gradient through all of them.
 */
const cast: GradientCorrection = {
  kernelName: 'Cast',
  fault: 'wrong',
  correct: (original) => ({
    inputsToSave: ['x'],
    gradFunc(dy, [x], attributes) {
      const rounds = x.dtype === 'float32' && (attributes.dtype === 'int32' || attributes.dtype === 'bool');
      return rounds ? { x: () => tf.zeros(x.shape) } : original.gradFunc(dy, [x], attributes);
    },
  }),
};

/**
 * Comparisons and logical operations: a mask such as x > 0, of which x * mask is computed, has no gradient in
 * TensorFlow.js, so that the layer ThresholdedReLU has none. The gradient of a quotient that is rounded down is that
 * of the quotient itself there.
 */
export const CONSTANT: readonly GradientCorrection[] = [
  ...['Equal', 'NotEqual', 'Greater', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr'].map((name) =>
    constant(name, ['a', 'b']),
  ),
  ...['LogicalNot', 'Any', 'All'].map((name) => constant(name, ['x'])),
  constant('FloorDiv', ['a', 'b'], 'wrong'),
  cast,
];
