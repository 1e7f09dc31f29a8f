import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';

interface Attributes {
  method: 'bilinear' | 'nearest';
  cropSize: [height: number, width: number];
}

/**
 * The weights with which each position of a crop reads the positions of an axis: boxes x crop x axis. As in resize.ts,
 * the crops of the unit vectors.
 *
 * @param start, end the edges of the boxes along the axis, columns of `boxes`
 */
function cropWeights(
  boxes: tf.Tensor2D,
  { start, end, from, to }: { start: number; end: number; from: number; to: number },
  method: Attributes['method'],
): tf.Tensor3D {
  const [count] = boxes.shape;
  const edge = (column: number) => tf.slice(boxes, [0, column], [count, 1]);
  const none = tf.zeros<tf.Rank.R2>([count, 1]);
  const lines = tf.concat([edge(start), none, edge(end), none], 1);
  const unitVectors = tf.reshape(tf.eye(from), [1, from, 1, from]) as tf.Tensor4D;
  const images = tf.zeros<tf.Rank.R1>([count], 'int32');
  return tf.reshape(tf.image.cropAndResize(unitVectors, lines, images, [to, 1], method), [count, to, from]);
}

function imageGradient(
  dy: tf.Tensor,
  { image, boxes, boxInd }: { image: tf.Tensor; boxes: tf.Tensor2D; boxInd: tf.Tensor },
  { cropSize, method }: Attributes,
): tf.Tensor {
  const [, height, width, channels] = image.shape;
  const [cropHeight, cropWidth] = cropSize;
  const [count] = boxes.shape;
  const rows = cropWeights(boxes, { start: 0, end: 2, from: height, to: cropHeight }, method);
  const columns = cropWeights(boxes, { start: 1, end: 3, from: width, to: cropWidth }, method);
  const lines = tf.matMul(rows, tf.reshape(dy, [count, cropHeight, cropWidth * channels]), true, false);
  const turned = tf.transpose(tf.reshape(lines, [count, height, cropWidth, channels]), [0, 2, 1, 3]);
  const cells = tf.matMul(columns, tf.reshape(turned, [count, cropWidth, height * channels]), true, false);
  const parts = tf.transpose(tf.reshape(cells, [count, width, height, channels]), [0, 2, 1, 3]);
  const size = height * width * channels;
  const sums = tf.scatterND(tf.expandDims(tf.cast(boxInd, 'int32'), 1), tf.reshape(parts, [count, size]), [
    image.shape[0],
    size,
  ]);
  return tf.reshape(sums, image.shape);
}

/** Crops of images, as the layer CenterCrop computes them. The boxes have no gradient. */
const cropAndResize: GradientCorrection = {
  kernelName: 'CropAndResize',
  fault: 'missing',
  correct: () => ({
    inputsToSave: ['image', 'boxes', 'boxInd'],
    gradFunc: (dy, [image, boxes, boxInd], attributes) => ({
      image: () =>
        imageGradient(
          onlyOne(dy),
          { image, boxes: boxes as tf.Tensor2D, boxInd },
          attributesOf<Attributes>(attributes),
        ),
    }),
  }),
};

const flip: GradientCorrection = {
  kernelName: 'FlipLeftRight',
  fault: 'missing',
  correct: () => ({ gradFunc: (dy) => ({ image: () => tf.image.flipLeftRight(onlyOne<tf.Tensor4D>(dy)) }) }),
};

export const CROPPING: readonly GradientCorrection[] = [cropAndResize, flip];
