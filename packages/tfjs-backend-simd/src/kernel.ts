import type * as tf from '@tensorflow/tfjs';
import type { SimdBackend } from './backend.js';

/** The arguments that TensorFlow.js passes to a kernel. */
export interface KernelCall<Inputs = Record<string, tf.TensorInfo>, Attributes = Record<string, unknown>> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: SimdBackend;
}

export type KernelResult = tf.TensorInfo | tf.TensorInfo[];

/** A kernel of this backend. */
export interface SimdKernel {
  readonly kernelName: string;
  /**
   * Returns the result, or undefined where the inputs are not supported (another dtype, a rare option): then
   * the next kernel of this name is tried, and last that of the cpu backend. The same happens if it throws
   * OutOfMemory.
   */
  run(call: KernelCall<never, never>): KernelResult | undefined;
}
