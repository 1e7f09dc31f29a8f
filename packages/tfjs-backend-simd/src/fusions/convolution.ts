import * as tf from '@tensorflow/tfjs';
import { areFloats, snapshot, type Pending, type SimdBackend } from '../backend.js';
import type { Geometry } from '../convolution-plan.js';
import { convolve } from '../convolution.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { geometryOf, type ConvAttributes, type FusedInputs } from '../kernels/conv2d.js';
import { gradientDepth } from './active-backend.js';
import { Normalization, type WithStatistics } from './batch-normalization.js';

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

/** What follows a convolution, and what lies between: results that are not held, but used where they are still there. */
interface After {
  fold?: Fold;
  activation?: Rectifier;
  convolved?: tf.TensorInfo;
  normalized?: tf.TensorInfo;
}

type Rectifier = 'relu' | 'relu6';
const RECTIFIERS: Record<Rectifier, string> = { relu: 'eachRelu', relu6: 'eachRelu6' };

/**
 * A convolution that waits, in inference: a batch norm that reads it becomes part of its kernels and a rectifier part of
 * it, so that neither makes a pass over memory. Where what lies between is still there when the result is asked for, as
 * in a model that puts out several layers, somebody will want that too: then it is computed first, and the rest from it.
 */
export class Convolution implements Pending {
  readonly inputs: readonly tf.TensorInfo[];

  constructor(
    private readonly backend: SimdBackend,
    private readonly parts: Parts,
    private readonly after: After = {},
  ) {
    const { x, filter, bias } = parts;
    this.inputs = [x, filter, ...(bias ? [bias] : []), ...(after.fold?.inputs ?? [])];
  }

  /** Itself, whose result that is, with a batch norm after it; undefined where something else follows it. */
  folded(fold: Fold, convolved: tf.TensorInfo): Convolution | undefined {
    if (this.after.fold || this.after.activation) return undefined;
    return new Convolution(this.backend, this.parts, { fold, convolved });
  }

  /** Itself, whose result that is, with a rectifier after it; undefined where one follows it already. */
  rectified(activation: Rectifier, result: tf.TensorInfo): Convolution | undefined {
    const { after } = this;
    if (after.activation) return undefined;
    const between = after.fold ? { normalized: result } : { convolved: result };
    return new Convolution(this.backend, this.parts, { ...after, ...between, activation });
  }

  write(address: number): void {
    const { backend, parts } = this;
    const { fold, activation, convolved, normalized } = this.after;
    if (normalized && backend.holds(normalized)) return this.rectify(backend.address(normalized), address);
    if (convolved && backend.holds(convolved)) {
      if (!fold) return this.rectify(backend.address(convolved), address);
      new Normalization(backend, convolved, fold.withStatistics, []).write(address);
      if (activation) this.rectify(address, address);
      return;
    }
    const x = backend.address(parts.x);
    const { geometry } = parts;
    this.withKernels((w, bias) => convolve(backend, { x, w, bias, y: address }, { geometry, activation }));
  }

  private rectify(from: number, to: number): void {
    const { batchSize, outHeight, outWidth, outChannels } = this.parts.geometry;
    const length = batchSize * outHeight * outWidth * outChannels;
    this.backend.threads.run(RECTIFIERS[this.after.activation!], [from, to, length]);
  }

  private withKernels(work: (w: number, bias: number) => void): void {
    const { backend } = this;
    const { fold } = this.after;
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
