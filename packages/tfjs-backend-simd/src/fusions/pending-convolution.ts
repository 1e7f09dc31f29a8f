import * as tf from '@tensorflow/tfjs';
import {
  areFloats,
  snapshot,
  type PendingOperation,
  type SimdBackend,
  type WeakReference,
} from '../backend.js';
import type { ConvInfo } from '../convolution/convolution-plan.js';
import { convolve } from '../convolution/convolution.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { convInfoOf, isChannelBias, type ConvAttributes, type FusedInputs } from '../kernels/conv2d.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';
import { gradientDepth } from './active-backend.js';
import { PendingBatchNorm, type WithStatistics } from './pending-batch-norm.js';

interface ConvolutionOperands {
  x: tf.TensorInfo;
  filter: tf.TensorInfo;
  bias?: tf.TensorInfo;
  convInfo: ConvInfo;
}

/**
 * A batch norm with given statistics: in inference it can be folded into the filter and bias of the
 * convolution before it.
 */
interface BatchNormFold {
  withStatistics: WithStatistics;
  inputs: readonly tf.TensorInfo[];
}

/**
 * The operations fused after a convolution, and its intermediate results, which are reused if they are still alive
 * and unchanged.
 */
interface Epilogue {
  fold?: BatchNormFold;
  activation?: Rectifier;
  /** The result of the convolution alone. */
  convolved?: WeakReference;
  /** The result of the batch norm. */
  normalized?: WeakReference;
}

export type Rectifier = 'relu' | 'relu6';
const RECTIFIER_KERNELS: Record<Rectifier, string> = { relu: 'eachRelu', relu6: 'eachRelu6' };

/**
 * A pending convolution (inference). A batch norm that reads it is folded into the filter and bias, and a
 * rectifier is fused, so that neither needs a pass over memory. If an intermediate result is still alive at
 * the first read (a model that outputs several layers), it will be read too: it is computed first, and the
 * rest from it. If it has been changed in place (a variable that shares its values), it is computed again.
 */
export class PendingConvolution implements PendingOperation {
  readonly inputs: readonly tf.TensorInfo[];

  constructor(
    private readonly backend: SimdBackend,
    private readonly operands: ConvolutionOperands,
    private readonly epilogue: Epilogue = {},
  ) {
    const { x, filter, bias } = operands;
    this.inputs = [x, filter, ...(bias ? [bias] : []), ...(epilogue.fold?.inputs ?? [])];
  }

  /**
   * This convolution with a batch norm folded in; `convolved` is its own result, or a reshaped one. undefined if an
   * operation is fused already, or if the last axis does not hold the channels of the filter any more.
   */
  withBatchNorm(fold: BatchNormFold, convolved: tf.TensorInfo): PendingConvolution | undefined {
    if (this.epilogue.fold || this.epilogue.activation) return undefined;
    if (convolved.shape.at(-1) !== this.operands.filter.shape[3]) return undefined;
    const epilogue = { fold, convolved: this.backend.weakReference(convolved) };
    return new PendingConvolution(this.backend, this.operands, epilogue);
  }

  /**
   * This convolution with a rectifier fused; `result` is the value before it. undefined if a rectifier is
   * fused already.
   */
  withRectifier(activation: Rectifier, result: tf.TensorInfo): PendingConvolution | undefined {
    const { backend, epilogue } = this;
    if (epilogue.activation) return undefined;
    const reference = backend.weakReference(result);
    const intermediate = epilogue.fold ? { normalized: reference } : { convolved: reference };
    return new PendingConvolution(backend, this.operands, { ...epilogue, ...intermediate, activation });
  }

  computeInto(address: number): void {
    const { backend, operands } = this;
    const { fold, activation } = this.epilogue;
    const [convolved, normalized] = [this.epilogue.convolved?.deref(), this.epilogue.normalized?.deref()];
    if (normalized) return this.rectify(backend.address(normalized), address);
    if (convolved) {
      if (!fold) return this.rectify(backend.address(convolved), address);
      new PendingBatchNorm(backend, convolved, fold.withStatistics, []).computeInto(address);
      if (activation) this.rectify(address, address);
      return;
    }
    const x = backend.address(operands.x);
    const { convInfo } = operands;
    this.withFoldedFilter((w, bias) =>
      convolve(backend, { x, w, bias, y: address }, { convInfo, activation }),
    );
  }

  private rectify(source: number, target: number): void {
    const { batchSize, outHeight, outWidth, outChannels } = this.operands.convInfo;
    const length = batchSize * outHeight * outWidth * outChannels;
    const kernel = RECTIFIER_KERNELS[this.epilogue.activation!];
    this.backend.threadPool.dispatch(kernel, [source, target, length]);
  }

  /** Calls `work` with the addresses of filter and bias, after a batch norm has been folded into them. */
  private withFoldedFilter(work: (w: number, bias: number) => void): void {
    const { backend, operands } = this;
    const { fold } = this.epilogue;
    const w = backend.address(operands.filter);
    const bias = operands.bias ? backend.address(operands.bias) : 0;
    if (!fold) return work(w, bias);
    const channels = operands.filter.shape[3];
    const size = tf.util.sizeFromShape(operands.filter.shape);
    fold.withStatistics((statistics) =>
      backend.withScratch(4 * (size + 5 * channels), (foldedFilter) => {
        const foldedBias = foldedFilter + 4 * size;
        const filterStatistics = foldedBias + 4 * channels;
        const { memory } = backend.threadPool;
        const [mean, scale, , beta] = [0, 1, 2, 3].map((row) =>
          memory.floats(statistics + 4 * row * channels, channels),
        );
        // The filter is only scaled: its mean and beta rows are 0.
        memory.floats(filterStatistics, 4 * channels).fill(0);
        memory.floats(filterStatistics + 4 * channels, channels).set(scale);
        const filterArgs = [w, foldedFilter, size / channels, channels, filterStatistics, 0];
        backend.threadPool.dispatch('batchNormApply', filterArgs, { serial: size < MIN_PARALLEL_SIZE });
        const biasValues = bias ? memory.floats(bias, channels) : undefined;
        const foldedValues = memory.floats(foldedBias, channels);
        for (let i = 0; i < channels; i++)
          foldedValues[i] = ((biasValues?.[i] ?? 0) - mean[i]) * scale[i] + beta[i];
        work(foldedFilter, foldedBias);
      }),
    );
  }
}

/**
 * Convolutions outside tf.grad and without an activation: the result is deferred, so that the next operation
 * can be fused.
 */
const deferredConvolution = (kernelName: string): SimdKernel => ({
  kernelName,
  run({ inputs, attrs, backend }: KernelCall<FusedInputs, ConvAttributes & { activation?: string }>) {
    const { x, filter, bias, preluActivationWeights } = inputs;
    const { activation = 'linear' } = attrs;
    if (gradientDepth() > 0 || activation !== 'linear' || preluActivationWeights) return undefined;
    if (!areFloats(x, filter, bias) || !isChannelBias(bias, filter)) return undefined;
    const convInfo = convInfoOf(x.shape, filter.shape, attrs);
    if (!convInfo) return undefined;
    const { batchSize, outHeight, outWidth, outChannels } = convInfo;
    const operands: ConvolutionOperands = {
      x: snapshot(x),
      filter: snapshot(filter),
      bias: bias && snapshot(bias),
      convInfo,
    };
    const shape = [batchSize, outHeight, outWidth, outChannels];
    return backend.deferred(shape, new PendingConvolution(backend, operands));
  },
});

export const DEFERRED_CONVOLUTIONS: readonly SimdKernel[] = [
  deferredConvolution('Conv2D'),
  deferredConvolution('FusedConv2D'),
];
