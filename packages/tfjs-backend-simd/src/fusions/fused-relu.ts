import * as tf from '@tensorflow/tfjs';
import {
  areFloats,
  snapshot,
  type PendingOperation,
  type SimdBackend,
  type WeakReference,
} from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { runActivationGradient } from './activation-gradients.js';
import { cacheChannelSums } from './channel-sums.js';
import { PendingBatchNorm, rowsOf } from './pending-batch-norm.js';
import { PendingConvolution, type Rectifier } from './pending-convolution.js';

/** A fused batch norm + ReLU output, and the data id of the batch norm's statistics. */
interface RectifiedBatchNorm {
  readonly y: WeakReference;
  readonly statistics: object;
}

/** By the data id of the output. */
const rectifiedBatchNorms = new WeakMap<object, RectifiedBatchNorm>();

/** The data id of the statistics, if `y` is the output of a fused batch norm + ReLU, unchanged. */
function batchNormStatisticsOf({ dataId }: tf.TensorInfo): object | undefined {
  const rectified = rectifiedBatchNorms.get(dataId);
  return rectified?.y.deref() && rectified.statistics;
}

/**
 * A rectifier fused into the pending convolution that it reads; undefined if the convolution has one already.
 */
function rectifyConvolution(
  backend: SimdBackend,
  pending: PendingConvolution,
  x: tf.TensorInfo,
  rectifier: Rectifier,
): tf.TensorInfo | undefined {
  const rectified = pending.withRectifier(rectifier, x);
  return rectified && backend.deferred(x.shape, rectified);
}

/** ReLU of a pending batch norm (both in one pass) or of a pending convolution (fused into it). */
export const fusedRelu: SimdKernel = {
  kernelName: 'Relu',
  run({ inputs: { x }, backend }: KernelCall<{ x: tf.TensorInfo }>) {
    const pending = backend.pending(x);
    if (pending instanceof PendingConvolution) return rectifyConvolution(backend, pending, x, 'relu');
    if (!(pending instanceof PendingBatchNorm)) return undefined;
    const y = backend.output(x.shape);
    pending.computeInto(y.address, { rectify: true });
    const { statistics } = pending;
    if (statistics) rectifiedBatchNorms.set(y.dataId, { y: backend.weakReference(y), statistics });
    return y;
  },
};

/** ReLU6 of a pending convolution. */
export const fusedRelu6: SimdKernel = {
  kernelName: 'Relu6',
  run({ inputs: { x }, backend }: KernelCall<{ x: tf.TensorInfo }>) {
    const pending = backend.pending(x);
    if (!(pending instanceof PendingConvolution)) return undefined;
    return rectifyConvolution(backend, pending, x, 'relu6');
  },
};

/**
 * The pending gradient of a ReLU after batch norm: the batch norm gradient fuses it, recomputing the mask.
 */
export class PendingReluGradient implements PendingOperation {
  readonly inputs: readonly tf.TensorInfo[];

  constructor(
    private readonly backend: SimdBackend,
    readonly dy: tf.TensorInfo,
    private readonly y: tf.TensorInfo,
    /** The data id of the statistics of the batch norm. */
    readonly statistics: object,
  ) {
    this.inputs = [dy, y];
  }

  computeInto(address: number): void {
    runActivationGradient(this.backend, 'reluGradient', { dy: this.dy, saved: this.y, dx: address });
  }
}

/**
 * ReLU gradient: dy where y > 0, else 0 dy; NaN where y is NaN, as in TensorFlow.js. With `sums` it also computes
 * the channel sums of dx, for the bias gradient.
 */
export const reluGradient: SimdKernel = {
  kernelName: 'SimdReluGradient',
  run({
    inputs: { dy, saved: y },
    attrs,
    backend,
  }: KernelCall<Record<'dy' | 'saved', tf.TensorInfo>, { sums?: boolean } | undefined>) {
    if (!areFloats(dy, y) || !tf.util.arraysEqual(dy.shape, y.shape)) return undefined;
    const statistics = batchNormStatisticsOf(y);
    if (statistics) {
      const pending = new PendingReluGradient(backend, snapshot(dy), snapshot(y), statistics);
      return backend.deferred(y.shape, pending);
    }
    const dx = backend.output(y.shape);
    // The kernel with sums takes whole vectors of 4 channels.
    const hasSums = attrs?.sums && rowsOf(y).channels % 4 === 0;
    if (hasSums) runReluGradientWithSums(backend, { dy, y, dx });
    else runActivationGradient(backend, 'reluGradient', { dy, saved: y, dx: dx.address });
    return dx;
  },
};

function runReluGradientWithSums(
  backend: SimdBackend,
  { dy, y, dx }: { dy: tf.TensorInfo; y: tf.TensorInfo; dx: tf.TensorInfo & { address: number } },
): void {
  const { rows, channels, serial } = rowsOf(y);
  const { threadPool } = backend;
  const parts = threadPool.call('rowParts', rows, channels);
  backend.withScratch(8 * parts * channels, (sums) => {
    const addresses = [backend.address(dy), backend.address(y), dx.address];
    threadPool.dispatch('reluGradientSums', [...addresses, rows, channels, parts, sums], { serial });
    cacheChannelSums(backend, dx, { address: sums, parts, channels });
  });
}
