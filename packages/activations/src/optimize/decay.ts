import * as tf from '@tensorflow/tfjs';
import type { Corrected } from './regularizer.js';

/** Moves each image to the origin by a share of what lies between. */
export const decay = ({ image, origin }: Corrected, { rate }: { rate: number }): tf.Tensor4D =>
  tf.tidy(() => tf.add(tf.mul(image, 1 - rate), rate * origin));
