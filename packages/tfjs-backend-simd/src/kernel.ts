import type * as tf from '@tensorflow/tfjs';
import type { SimdBackend } from './backend.js';

/** What TensorFlow.js hands to a kernel. */
export interface KernelCall<Inputs = Record<string, tf.TensorInfo>, Attributes = Record<string, unknown>> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: SimdBackend;
}

export type KernelResult = tf.TensorInfo | tf.TensorInfo[];

/** A kernel of ours. */
export interface SimdKernel {
  readonly kernelName: string;
  /**
   * Returns the result, or undefined where it does not take a call (another dtype, a rare option): the cpu backend's
   * kernel then does it. It may throw OutOfMemory, with the same consequence.
   */
  run(call: KernelCall<never, never>): KernelResult | undefined;
}
