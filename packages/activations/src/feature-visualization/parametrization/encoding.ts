import type * as tf from '@tensorflow/tfjs';

/**
 * The map between images, count x height x width x channels on the scale 0..1, and the parameters that are
 * optimized. All results are new tensors.
 */
export interface Encoding {
  encode(image: tf.Tensor4D): tf.Tensor4D;
  decode(parameters: tf.Tensor4D): tf.Tensor4D;
  /** The gradient with respect to the parameters, from the gradient with respect to the image. */
  pullBack(gradient: tf.Tensor4D, image: tf.Tensor4D): tf.Tensor4D;
  /**
   * The change of the parameters that a step size of 1 means: 1/255 for pixels, 1 for Fourier coefficients.
   */
  readonly unit: number;
  dispose(): void;
}
