import * as tf from '@tensorflow/tfjs';
import type { KernelCall, SimdKernel } from '../kernel.js';

/**
 * Boolean tensors lie on the JavaScript heap, one byte per value; this loop is about 100 times as fast as the
 * cpu backend's. Any byte but 0 is true (a mask of gray levels); results are 0 and 1.
 */
const logical = (kernelName: string, combine: (a: number, b: number) => boolean): SimdKernel => ({
  kernelName,
  run({ inputs: { a, b }, backend }: KernelCall<Record<'a' | 'b', tf.TensorInfo>>) {
    const [valuesA, valuesB] = [a, b].map(({ dataId }) => backend.data.get(dataId).values);
    const areBytes = valuesA instanceof Uint8Array && valuesB instanceof Uint8Array;
    if (!areBytes || !tf.util.arraysEqual(a.shape, b.shape)) return undefined;
    const result = new Uint8Array(valuesA.length);
    for (let i = 0; i < result.length; i++) result[i] = Number(combine(valuesA[i], valuesB[i]));
    return backend.makeTensorInfo(a.shape, 'bool', result);
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
    return backend.makeTensorInfo(shape, 'bool', new Uint8Array(tf.util.sizeFromShape(shape)).fill(1));
  },
};

/** Operations on boolean tensors: of the same shape, or `all`. */
export const LOGICAL: readonly SimdKernel[] = [
  logical('LogicalAnd', (a, b) => a !== 0 && b !== 0),
  logical('LogicalOr', (a, b) => a !== 0 || b !== 0),
  all,
];
