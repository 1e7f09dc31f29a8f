import * as tf from '@tensorflow/tfjs';
import type { KernelCall, SimdKernel } from '../kernel.js';

/** By data id, the sums over all axes but the last, where a kernel that made the tensor has found them along. */
const sumsOf = new WeakMap<object, Float32Array>();

/** Keeps the sums over all axes but the last of a tensor, which somebody may ask for. */
export function knowChannelSums({ dataId }: tf.TensorInfo, sums: Float32Array): void {
  sumsOf.set(dataId, sums);
}

/** To be called before a tensor's values are changed in place. */
export function forgetChannelSums({ dataId }: tf.TensorInfo): void {
  sumsOf.delete(dataId);
}

/** Sums of parts, a row each, in their order. */
export function addParts(parts: Float64Array, channels: number): Float32Array {
  const sums = new Float64Array(channels);
  for (let i = 0; i < parts.length; i += channels)
    for (let channel = 0; channel < channels; channel++) sums[channel] += parts[i + channel];
  return Float32Array.from(sums);
}

/** The bias gradient of a layer before a batch norm: its gradient has found these sums along. */
export const knownSum: SimdKernel = {
  kernelName: 'Sum',
  run({
    inputs: { x },
    attrs,
    backend,
  }: KernelCall<{ x: tf.TensorInfo }, { axis: number[]; keepDims: boolean }>) {
    const sums = sumsOf.get(x.dataId);
    if (!sums || attrs.keepDims || x.shape[x.shape.length - 1] !== sums.length) return undefined;
    const axes = tf.util.parseAxisParam(attrs.axis, x.shape);
    if (axes.length !== x.shape.length - 1 || axes.includes(axes.length)) return undefined;
    const y = backend.output([sums.length]);
    backend.threads.memory.floats(y.address, sums.length).set(sums);
    return y;
  },
};
