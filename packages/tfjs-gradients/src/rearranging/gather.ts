import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';

interface GatherAttributes {
  axis: number;
  batchDims: number;
}

const { sizeFromShape } = tf.util;

/**
 * The sum of the gradients of all copies of a value. `x` is read as batches x outer x axis x inner, dy as batches x outer
 * x indices x inner; the batches are counted on in the indices, so that one scatter adds everything.
 */
function gatherGradient(
  dy: tf.Tensor,
  x: tf.Tensor,
  indices: tf.Tensor,
  attributes: GatherAttributes,
): tf.Tensor {
  const axis = attributes.axis < 0 ? attributes.axis + x.rank : attributes.axis;
  const batchDims = attributes.batchDims < 0 ? attributes.batchDims + indices.rank : attributes.batchDims;
  const batches = sizeFromShape(x.shape.slice(0, batchDims));
  const outer = sizeFromShape(x.shape.slice(batchDims, axis));
  const inner = sizeFromShape(x.shape.slice(axis + 1));
  const size = x.shape[axis];
  const count = indices.size / batches;
  const updates = tf.transpose(tf.reshape(dy, [batches, outer, count, inner]), [0, 2, 1, 3]);
  const offsets = tf.mul(tf.range(0, batches, 1, 'int32'), tf.scalar(size, 'int32'));
  const rows = tf.add(tf.reshape(indices, [batches, count]), tf.expandDims(offsets, 1));
  const sums = tf.scatterND(
    tf.cast(tf.reshape(rows, [batches * count, 1]), 'int32'),
    tf.reshape(updates, [batches * count, outer * inner]),
    [batches * size, outer * inner],
  );
  return tf.reshape(tf.transpose(tf.reshape(sums, [batches, size, outer, inner]), [0, 2, 1, 3]), x.shape);
}

/** TensorFlow.js takes more than one batch dimension, or a negative number of them, for one or none. */
const gather: GradientCorrection = {
  kernelName: 'GatherV2',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(dy, [x, indices], attributes) {
      const options = attributesOf<GatherAttributes>(attributes);
      return {
        x: () => gatherGradient(onlyOne(dy), x, indices, options),
        indices: () => tf.zeros(indices.shape),
      };
    },
  }),
};

const gatherNd: GradientCorrection = {
  kernelName: 'GatherNd',
  fault: 'missing',
  correct: () => ({
    inputsToSave: ['params', 'indices'],
    gradFunc: (dy, [params, indices]) => ({
      params: () => tf.scatterND(indices, onlyOne(dy), params.shape),
      indices: () => tf.zeros(indices.shape),
    }),
  }),
};

const scatterNd: GradientCorrection = {
  kernelName: 'ScatterNd',
  fault: 'missing',
  correct: () => ({
    inputsToSave: ['indices'],
    gradFunc: (dy, [indices]) => ({
      updates: () => tf.gatherND(onlyOne(dy), indices),
      indices: () => tf.zeros(indices.shape),
    }),
  }),
};

export const GATHERING: readonly GradientCorrection[] = [gather, gatherNd, scatterNd];
