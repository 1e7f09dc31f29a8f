import * as tf from '@tensorflow/tfjs';
import { attributesOf, onlyOne, type GradientCorrection } from '../gradient-correction.js';

interface Attributes {
  blockSize: number;
  dataFormat: 'NHWC' | 'NCHW';
}

/** The inverse rearrangement: blocks of pixels become channels. */
function spaceToDepth(y: tf.Tensor4D, { blockSize: block, dataFormat }: Attributes): tf.Tensor {
  if (dataFormat === 'NCHW') {
    const channelsLast = tf.transpose(y, [0, 2, 3, 1]);
    const x = spaceToDepth(channelsLast, { blockSize: block, dataFormat: 'NHWC' });
    return tf.transpose(x, [0, 3, 1, 2]);
  }
  const [count, height, width, channels] = y.shape;
  const [rows, columns] = [height / block, width / block];
  const blocks = tf.reshape(y, [count * rows, block, columns, block * channels]);
  return tf.reshape(tf.transpose(blocks, [0, 2, 1, 3]), [count, rows, columns, block * block * channels]);
}

export const DEPTH_TO_SPACE: GradientCorrection = {
  kernelName: 'DepthToSpace',
  fault: 'missing',
  correct: () => ({
    gradFunc: (dy, _, attributes) => ({
      x: () => spaceToDepth(onlyOne(dy), attributesOf<Attributes>(attributes)),
    }),
  }),
};
