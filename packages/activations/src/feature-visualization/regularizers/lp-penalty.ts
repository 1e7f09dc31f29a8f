import * as tf from '@tensorflow/tfjs';

/** The mean of |value - origin|^p over all values of each image. Differentiable. */
export const lpPenalty = (image: tf.Tensor4D, { p, origin }: { p: number; origin: number }): tf.Tensor1D =>
  tf.tidy(() => tf.mean(tf.pow(tf.abs(tf.sub(image, origin)), p), [1, 2, 3]));
