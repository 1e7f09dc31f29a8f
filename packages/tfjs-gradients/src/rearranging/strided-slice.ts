import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';
import { padAxis, spreadAxis } from './axis-slices.js';

interface Attributes {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

/** Puts the gradient of a slice where the slice was read; all other values are 0. */
function placeSlice(dy: tf.Tensor, shape: readonly number[], attributes: Attributes): tf.Tensor {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  const slice = tf.slice_util.sliceInfo(
    [...shape],
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  // The sizes of the slice with the axes that it drops, and without those that it adds.
  const sizes = shape.map((_, axis) =>
    Math.max(0, Math.ceil((slice.end[axis] - slice.begin[axis]) / slice.strides[axis])),
  );
  return shape.reduce<tf.Tensor>(
    (placed, size, axis) => {
      const count = sizes[axis];
      if (count === 0) return tf.zeros(placed.shape.map((length, i) => (i === axis ? size : length)));
      const step = slice.strides[axis];
      const first = step > 0 ? slice.begin[axis] : slice.begin[axis] + (count - 1) * step;
      const ascending = step > 0 ? placed : tf.reverse(placed, axis);
      const spread = spreadAxis(ascending, axis, Math.abs(step));
      return padAxis(spread, axis, first, size - first - spread.shape[axis]);
    },
    tf.reshape(dy, sizes),
  );
}

export const STRIDED_SLICE: GradientCorrection = {
  kernelName: 'StridedSlice',
  fault: 'missing',
  correct: () => ({
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({
      x: () => placeSlice(onlyOne(dy), x.shape, attributesOf<Attributes>(attributes)),
    }),
  }),
};
