import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';

interface Attributes {
  alignCorners: boolean;
  halfPixelCenters?: boolean;
  size: [height: number, width: number];
}

type Resize = typeof tf.image.resizeBilinear;

/**
 * The weights with which each position of a resized axis reads the `from` positions before: `to` x `from`. Resizing is
 * linear, so these are the unit vectors, resized by the kernel of the active backend itself: the gradient fits
 * whatever it rounds.
 */
function axisWeights(
  resize: Resize,
  { from, to }: { from: number; to: number },
  { alignCorners, halfPixelCenters = false }: Attributes,
): tf.Tensor2D {
  const unitVectors = tf.reshape(tf.eye(from), [1, from, 1, from]) as tf.Tensor4D;
  return tf.reshape(resize(unitVectors, [to, 1], alignCorners, halfPixelCenters), [to, from]);
}

/** The gradient of a separable resizing: rows^T dy columns. */
function separableGradient(
  dy: tf.Tensor4D,
  [count, height, width, channels]: readonly number[],
  resize: Resize,
  attributes: Attributes,
): tf.Tensor {
  const [outHeight, outWidth] = attributes.size;
  // The cpu backend multiplies matrices of an empty batch to other shapes.
  if (dy.size === 0) return tf.zeros([count, height, width, channels]);
  const rows = axisWeights(resize, { from: height, to: outHeight }, attributes);
  const columns = axisWeights(resize, { from: width, to: outWidth }, attributes);
  const lines = tf.reshape(dy, [count, outHeight, outWidth * channels]);
  const dLines = tf.matMul(tf.expandDims(rows, 0), lines, true, false);
  const cells = tf.reshape(dLines, [count * height, outWidth, channels]);
  return tf.reshape(tf.matMul(tf.expandDims(columns, 0), cells, true, false), [
    count,
    height,
    width,
    channels,
  ]);
}

/** The gradient of repeating each pixel `vertical` x `horizontal` times: the sum over the copies. */
function sumCopies(
  dy: tf.Tensor4D,
  [count, height, width, channels]: readonly number[],
  [vertical, horizontal]: readonly [number, number],
): tf.Tensor {
  const rows = tf.sum(tf.reshape(dy, [count * height, vertical, width * horizontal * channels]), 1);
  const sums = tf.sum(tf.reshape(rows, [count * height * width, horizontal, channels]), 1);
  return tf.reshape(sums, [count, height, width, channels]);
}

/**
 * TensorFlow.js takes half-pixel centers for none, and on some backends exchanges height and width.
 */
const bilinear: GradientCorrection = {
  kernelName: 'ResizeBilinear',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(dy, saved, attributes) {
      const options = attributesOf<Attributes>(attributes);
      const { shape } = saved[0];
      if (!options.halfPixelCenters && shape[1] === shape[2]) return original.gradFunc(dy, saved, attributes);
      return { images: () => separableGradient(onlyOne(dy), shape, tf.image.resizeBilinear, options) };
    },
  }),
};

/** TensorFlow.js takes half-pixel centers for none. */
const nearest: GradientCorrection = {
  kernelName: 'ResizeNearestNeighbor',
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc(gradient, [images], attributes) {
      const options = attributesOf<Attributes>(attributes);
      const dy = onlyOne<tf.Tensor4D>(gradient);
      const { shape } = images;
      const factors = options.size.map((size, i) => size / shape[i + 1]) as [number, number];
      return {
        images: () =>
          !options.alignCorners && factors.every(Number.isInteger)
            ? sumCopies(dy, shape, factors)
            : separableGradient(dy, shape, tf.image.resizeNearestNeighbor, options),
      };
    },
  }),
};

export const RESIZING: readonly GradientCorrection[] = [bilinear, nearest];
