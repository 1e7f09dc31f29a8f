import type * as tf from '@tensorflow/tfjs';

/** A batch of images after a step, for a correction. */
export interface CorrectionInput {
  /** count x height x width x channels, on the scale 0..1. Not to be disposed. */
  readonly image: tf.Tensor4D;
  /** The gradient of the scores with respect to the images before the step. Not to be disposed. */
  readonly gradient: tf.Tensor4D;
  /** The neutral pixel value, on the scale 0..1. */
  readonly origin: number;
}
