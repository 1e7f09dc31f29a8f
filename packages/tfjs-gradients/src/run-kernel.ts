import * as tf from '@tensorflow/tfjs';

/** Runs a kernel of the active backend that has no function in TensorFlow.js. */
export const runKernel = (name: string, inputs: tf.NamedTensorMap, attributes: object): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as tf.Tensor;

/** Whether the active backend has a kernel. */
export const hasKernel = (name: string): boolean => tf.getKernel(name, tf.getBackend()) !== undefined;
