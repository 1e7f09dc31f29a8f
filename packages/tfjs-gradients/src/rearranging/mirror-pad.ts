import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';
import { padAxis, sliceAxis } from './axis-slices.js';

interface Attributes {
  paddings: [before: number, after: number][];
  mode: 'reflect' | 'symmetric';
}

/** Adds the gradients of the copies before and after an axis to those of the values that were copied. */
function foldAxis(dy: tf.Tensor, axis: number, { paddings, mode }: Attributes): tf.Tensor {
  const [before, after] = paddings[axis];
  const size = dy.shape[axis] - before - after;
  // Reflecting does not repeat the value at the edge.
  const edge = mode === 'reflect' ? 1 : 0;
  let sum = sliceAxis(dy, axis, before, size);
  if (before > 0) {
    const copies = tf.reverse(sliceAxis(dy, axis, 0, before), axis);
    sum = tf.add(sum, padAxis(copies, axis, edge, size - edge - before));
  }
  if (after > 0) {
    const copies = tf.reverse(sliceAxis(dy, axis, before + size, after), axis);
    sum = tf.add(sum, padAxis(copies, axis, size - edge - after, edge));
  }
  return sum;
}

/** TensorFlow.js drops the gradients of the copies, as if the padding were constant. */
export const MIRROR_PAD: GradientCorrection = {
  kernelName: 'MirrorPad',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(dy, _, attributes) {
      const options = attributesOf<Attributes>(attributes);
      return {
        x: () => options.paddings.reduce((sum, __, axis) => foldAxis(sum, axis, options), onlyOne(dy)),
      };
    },
  }),
};
