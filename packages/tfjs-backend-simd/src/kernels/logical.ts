import * as tf from '@tensorflow/tfjs';
import type { KernelCall, SimdKernel } from '../kernel.js';

/** Truth values lie on the JavaScript heap, a byte each; the cpu backend takes some 100 times as long for them. */
const logical = (kernelName: string, combine: (a: number, b: number) => number): SimdKernel => ({
  kernelName,
  run({ inputs: { a, b }, backend }: KernelCall<{ a: tf.TensorInfo; b: tf.TensorInfo }>) {
    const [valuesA, valuesB] = [a, b].map(({ dataId }) => backend.data.get(dataId).values);
    const isPlain = valuesA instanceof Uint8Array && valuesB instanceof Uint8Array;
    if (!isPlain || !tf.util.arraysEqual(a.shape, b.shape)) return undefined;
    const result = new Uint8Array(valuesA.length);
    for (let i = 0; i < result.length; i++) result[i] = combine(valuesA[i], valuesB[i]);
    return backend.makeTensorInfo(a.shape, 'bool', result);
  },
});

/** Of truth values of one shape. */
export const LOGICAL: readonly SimdKernel[] = [
  logical('LogicalAnd', (a, b) => a & b),
  logical('LogicalOr', (a, b) => a | b),
];
