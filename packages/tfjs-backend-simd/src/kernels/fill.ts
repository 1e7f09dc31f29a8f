import * as tf from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads.js';

function filled(backend: SimdBackend, shape: number[], value: number): tf.TensorInfo {
  const length = tf.util.sizeFromShape(shape);
  const y = backend.output(shape);
  backend.threads.run('fill', [y.address, length, floatBits(value)], { alone: length < 65_536 });
  return y;
}

/** Small ones stay on the heap, where the cpu backend makes them, until a kernel wants them. */
const isSmall = (shape: number[]): boolean => tf.util.sizeFromShape(shape) < 1024;

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

/** Tensors of one value. */
export const FILLS: readonly SimdKernel[] = [fill, like('ZerosLike', 0), like('OnesLike', 1)];
