import * as tf from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads/float-bits.js';
import { MIN_PARALLEL_SIZE_CHEAP } from '../threads/parallel-size.js';

/**
 * Smaller tensors are created by the cpu backend on the JavaScript heap, and copied when a kernel needs them.
 */
const MIN_SIZE = 1024;

const isSmall = (shape: number[]): boolean => tf.util.sizeFromShape(shape) < MIN_SIZE;

function filled(backend: SimdBackend, shape: number[], value: number): tf.TensorInfo {
  const length = tf.util.sizeFromShape(shape);
  const y = backend.output(shape);
  const args = [y.address, length, floatBits(value)];
  backend.threadPool.dispatch('fill', args, { serial: length < MIN_PARALLEL_SIZE_CHEAP });
  return y;
}

const like = (kernelName: string, value: number): SimdKernel => ({
  kernelName,
  run: ({ inputs: { x }, backend }: KernelCall<{ x: tf.TensorInfo }>) =>
    x.dtype !== 'float32' || isSmall(x.shape) ? undefined : filled(backend, x.shape, value),
});

const fill: SimdKernel = {
  kernelName: 'Fill',
  run({
    attrs,
    backend,
  }: KernelCall<object, { shape: number[]; value: number | string; dtype?: tf.DataType }>) {
    const { shape, value } = attrs;
    const dtype = attrs.dtype ?? tf.util.inferDtype(value);
    if (dtype !== 'float32' || typeof value !== 'number' || isSmall(shape)) return undefined;
    return filled(backend, shape, value);
  },
};

/** Tensors filled with one value. */
export const FILLS: readonly SimdKernel[] = [fill, like('ZerosLike', 0), like('OnesLike', 1)];
