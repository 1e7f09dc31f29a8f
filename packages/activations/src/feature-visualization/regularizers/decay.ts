import * as tf from '@tensorflow/tfjs';
import type { CorrectionInput } from './correction-input.js';

/** Moves each pixel toward the origin by a fraction of its distance (L2 decay). */
export const decay = ({ image, origin }: CorrectionInput, { rate }: { rate: number }): tf.Tensor4D =>
  tf.tidy(() => tf.add(tf.mul(image, 1 - rate), rate * origin));
