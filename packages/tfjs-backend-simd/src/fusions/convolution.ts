import * as tf from '@tensorflow/tfjs';
import { areFloats, snapshot, type Pending, type SimdBackend } from '../backend.js';
import type { Geometry } from '../convolution-plan.js';
import { convolve, type Activation } from '../convolution.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { geometryOf, type ConvAttributes, type FusedInputs } from '../kernels/conv2d.js';
import { gradientDepth } from './active-backend.js';
import type { WithStatistics } from './batch-normalization.js';

interface Parts {
  x: tf.TensorInfo;
  filter: tf.TensorInfo;
  bias?: tf.TensorInfo;
  geometry: Geometry;
}

/** A batch norm with statistics that are given: in inference it is a change of the kernels and the bias before it. */
interface Fold {
  withStatistics: WithStatistics;
  inputs: readonly tf.TensorInfo[];
}

/**
 * A convolution that waits, in inference: a batch norm that reads it becomes part of its kernels and a rectifier part of
 * it, so that neither makes a pass over memory.
 */
export class Convolution implements Pending {
  readonly inputs: readonly tf.TensorInfo[];

  constructor(
    private readonly backend: SimdBackend,
    private readonly parts: Parts,
    private readonly fold?: Fold,
  ) {
    const { x, filter, bias } = parts;
    this.inputs = [x, filter, ...(bias ? [bias] : []), ...(fold?.inputs ?? [])];
  }

  /** Itself with a batch norm after it, or undefined where there is one already. */
  folded(fold: Fold): Convolution | undefined {
    return this.fold ? undefined : new Convolution(this.backend, this.parts, fold);
  }

  write(address: number, { activation = 'linear' }: { activation?: Activation } = {}): void {
    const { backend, parts } = this;
    const { geometry } = parts;
    const x = backend.address(parts.x);
    this.withKernels((w, bias) => convolve(backend, { x, w, bias, y: address }, { geometry, activation }));
  }

  private withKernels(work: (w: number, bias: number) => void): void {
    const { backend, fold } = this;
    const { filter, bias } = this.parts;
    const [w, b] = [backend.address(filter), bias ? backend.address(bias) : 0];
    if (!fold) return work(w, b);
    const { threads } = backend;
    const channels = filter.shape[3];
    const size = tf.util.sizeFromShape(filter.shape);
    fold.withStatistics((statistics) =>
      backend.scratch(4 * (size + 5 * channels), (kernels) => {
        const [ofBias, ofKernels] = [kernels + 4 * size, kernels + 4 * (size + channels)];
        const { memory } = threads;
        const [mean, scale, , beta] = [0, 1, 2, 3].map((row) =>
          memory.floats(statistics + 4 * row * channels, channels),
        );
        // Kernels are scaled; nothing is subtracted from them or added.
        memory.floats(ofKernels, 4 * channels).fill(0);
        memory.floats(ofKernels + 4 * channels, channels).set(scale);
        threads.run('batchNormApply', [w, kernels, size / channels, channels, ofKernels, 0], {
          alone: size < 16_384,
        });
        const given = b ? memory.floats(b, channels) : undefined;
        const shifted = memory.floats(ofBias, channels);
        for (let i = 0; i < channels; i++) shifted[i] = ((given?.[i] ?? 0) - mean[i]) * scale[i] + beta[i];
        work(kernels, ofBias);
      }),
    );
  }
}

/** Convolutions outside gradients, without an activation of their own: they wait for what reads them. */
const waiting = (kernelName: string): SimdKernel => ({
  kernelName,
  run({ inputs, attrs, backend }: KernelCall<FusedInputs, ConvAttributes & { activation?: string }>) {
    const { x, filter, bias, preluActivationWeights } = inputs;
    const { activation = 'linear' } = attrs;
    if (gradientDepth() > 0 || activation !== 'linear' || preluActivationWeights) return undefined;
    if (!areFloats(x, filter, bias) || (bias && tf.util.sizeFromShape(bias.shape) !== filter.shape[3]))
      return undefined;
    const geometry = geometryOf(x.shape, filter.shape, attrs);
    if (!geometry) return undefined;
    const { batchSize, outHeight, outWidth, outChannels } = geometry;
    const parts = {
      x: snapshot(x),
      filter: snapshot(filter),
      bias: bias ? snapshot(bias) : undefined,
      geometry,
    };
    return backend.deferred([batchSize, outHeight, outWidth, outChannels], new Convolution(backend, parts));
  },
});

export const WAITING_CONVOLUTIONS: readonly SimdKernel[] = [waiting('Conv2D'), waiting('FusedConv2D')];
