import * as tf from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { stridedCopy } from '../strided-copy.js';
import { unlessOutOfMemory } from './out-of-memory.js';

/** Partial sums over all axes but the last: float64 [parts][channels]. */
export interface PartialChannelSums {
  readonly address: number;
  readonly parts: number;
  readonly channels: number;
}

/**
 * Adds the partial sums and attaches the result to the tensor, for `cachedChannelSum`. Does nothing if memory
 * is full.
 */
export function cacheChannelSums(
  backend: SimdBackend,
  { dataId }: tf.TensorInfo,
  { address, parts, channels }: PartialChannelSums,
): void {
  const { threadPool } = backend;
  const bytes = 4 * channels;
  const sums = unlessOutOfMemory(() => threadPool.memory.allocate(bytes));
  if (sums === undefined) return;
  threadPool.dispatch('sumParts', [address, parts, channels, sums], { serial: true });
  backend.attach(dataId, { address: sums, bytes });
}

/**
 * Sum over all axes but the last of a tensor that has its channel sums attached: the bias gradient of the
 * layer before a batch norm or ReLU, whose gradient kernel has computed these sums in the same pass.
 */
export const cachedChannelSum: SimdKernel = {
  kernelName: 'Sum',
  run({
    inputs: { x },
    attrs: { axis, keepDims },
    backend,
  }: KernelCall<{ x: tf.TensorInfo }, { axis: number[]; keepDims: boolean }>) {
    const sums = backend.attached(x.dataId);
    const lastAxis = x.shape.length - 1;
    const channels = x.shape[lastAxis];
    if (!sums || keepDims || 4 * channels !== sums.bytes) return undefined;
    const axes = tf.util.parseAxisParam(axis, x.shape);
    if (axes.length !== lastAxis || axes.includes(lastAxis)) return undefined;
    const y = backend.output([channels]);
    stridedCopy(backend, { source: sums.address, target: y.address }, [
      { size: channels, sourceStride: 1, targetStride: 1 },
    ]);
    return y;
  },
};
