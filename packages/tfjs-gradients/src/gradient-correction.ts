import type * as tf from '@tensorflow/tfjs';

/** A gradient that TensorFlow.js computes incorrectly, refuses for valid inputs, or lacks. */
export interface GradientCorrection {
  /** The kernel whose gradient is replaced. */
  readonly kernelName: string;
  /** 'wrong': of other values, or refused for some valid inputs; 'missing': there is none. */
  readonly fault: 'wrong' | 'missing';
  /**
   * The gradient to register. `original` is that of TensorFlow.js, undefined if there is none; a correction calls it
   * where it is right.
   */
  readonly correct: (original: tf.GradConfig) => Omit<tf.GradConfig, 'kernelName'>;
}

/** Attributes of a kernel, in the type that the kernel declares. */
export const attributesOf = <T>(attributes: tf.NamedAttrMap): T => attributes as unknown as T;

/** The only gradient of an output of a kernel with one output. */
export const onlyOne = <T extends tf.Tensor>(dy: tf.Tensor | tf.Tensor[]): T =>
  (Array.isArray(dy) ? dy[0] : dy) as T;
