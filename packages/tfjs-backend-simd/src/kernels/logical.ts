import * as tf from '@tensorflow/tfjs';
import type { KernelCall, SimdKernel } from '../kernel.js';

type Combine = (a: Uint8Array, b: Uint8Array, y: Uint8Array) => void;

/**
 * Boolean tensors lie on the JavaScript heap, one byte 0 or 1 per value; `combine` is about 100 times as fast as the
 * cpu backend's kernel.
 */
const logical = (kernelName: string, combine: Combine): SimdKernel => ({
  kernelName,
  run({ inputs: { a, b }, backend }: KernelCall<Record<'a' | 'b', tf.TensorInfo>>) {
    const [valuesA, valuesB] = [a, b].map(({ dataId }) => backend.data.get(dataId).values);
    const areBytes = valuesA instanceof Uint8Array && valuesB instanceof Uint8Array;
    if (!areBytes || !tf.util.arraysEqual(a.shape, b.shape)) return undefined;
    const y = new Uint8Array(valuesA.length);
    combine(valuesA, valuesB, y);
    return backend.booleans(a.shape, y);
  },
});

/** Over no values `all` is true. The cpu backend gives false. */
const all: SimdKernel = {
  kernelName: 'All',
  run({
    inputs: { x },
    attrs,
    backend,
  }: KernelCall<{ x: tf.TensorInfo }, { axis: number | number[]; keepDims: boolean }>) {
    if (tf.util.sizeFromShape(x.shape) > 0) return undefined;
    const axes = tf.util.parseAxisParam(attrs.axis, x.shape);
    const [outer] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes);
    const shape = attrs.keepDims ? tf.backend_util.expandShapeToKeepDim(outer, axes) : outer;
    return backend.booleans(shape, new Uint8Array(tf.util.sizeFromShape(shape)).fill(1));
  },
};

/** Operations on boolean tensors: of the same shape, or `all`. */
export const LOGICAL: readonly SimdKernel[] = [
  logical('LogicalAnd', (a, b, y) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i] & b[i];
  }),
  logical('LogicalOr', (a, b, y) => {
    for (let i = 0; i < y.length; i++) y[i] = a[i] | b[i];
  }),
  all,
];
