import type * as tf from '@tensorflow/tfjs';
import { areFloats, snapshot } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads.js';
import { Normalization, rowsOf } from './batch-normalization.js';
import { Convolution } from './convolution.js';
import { knowChannelSums } from './channel-sums.js';
import { RectifiedGradient } from './rectification.js';

/** Fewer are joined sooner than handed over. */
const MANY_CHANNELS = 1024;

export interface BatchNormAttributes {
  epsilon: number;
  /** Where moving mean and variance lie. */
  moving: readonly [number, number];
  momentum: number;
}

/**
 * Batch norm in training: [y, statistics], where y waits for its reader and statistics are mean, gamma / deviation,
 * 1 / deviation and beta, a row each. Mean and population variance are those of the batch; the moving ones are moved.
 */
export const batchNorm: SimdKernel = {
  kernelName: 'SimdBatchNorm',
  run({
    inputs: { x: given, scale, offset },
    attrs: { epsilon, moving, momentum },
    backend,
  }: KernelCall<Record<'x' | 'scale' | 'offset', tf.TensorInfo>, BatchNormAttributes>) {
    const { threads } = backend;
    const x = snapshot(given);
    const { rows, channels, alone } = rowsOf(x);
    const [from, gamma, beta] = [x, scale, offset].map((tensor) => backend.address(tensor));
    const statistics = backend.output([4, channels]);
    const parts = threads.ask('rowParts', rows, channels);
    backend.scratch(parts * channels * 20, (records) => {
      threads.run('batchNormMoments', [from, rows, channels, parts, records], { alone, pieces: parts });
      const [mean, variance] = moving;
      const args = [rows, channels, parts, records, gamma, beta, floatBits(epsilon), statistics.address];
      threads.run('batchNormStatistics', [...args, mean, variance, floatBits(1 - momentum)], {
        alone: channels < MANY_CHANNELS,
      });
    });
    const withStatistics = (work: (address: number) => void) => work(backend.address(statistics));
    const pending = new Normalization(backend, x, withStatistics, [x, statistics], statistics.dataId);
    return [backend.deferred(x.shape, pending), statistics];
  },
};

/** [dx, dgamma, dbeta] of SimdBatchNorm. */
export const batchNormGradient: SimdKernel = {
  kernelName: 'SimdBatchNormGradient',
  run({
    inputs: { dy, x, statistics },
    backend,
  }: KernelCall<Record<'dy' | 'x' | 'statistics', tf.TensorInfo>>) {
    const { threads } = backend;
    const { rows, channels, alone } = rowsOf(x);
    const pending = backend.pending(dy);
    // The ReLU after this batch norm: its mask is found again from x, which is read anyway.
    const rectified = pending instanceof RectifiedGradient && pending.statistics === statistics.dataId;
    const [from, given, known] = [x, rectified ? pending.dy : dy, statistics].map((t) => backend.address(t));
    const [dx, dgamma, dbeta] = [x.shape, [channels], [channels]].map((shape) => backend.output(shape));
    const parts = threads.ask('rowParts', rows, channels);
    const flag = Number(rectified);
    backend.scratch((parts * 16 + 8) * channels, (records) => {
      const coefficients = records + parts * 16 * channels;
      const first = [from, given, rows, channels, parts, known, flag, records];
      threads.run('batchNormGradientSums', first, { alone, pieces: parts });
      const places = [known, dgamma.address, dbeta.address, coefficients];
      threads.run('batchNormGradientCoefficients', [rows, channels, parts, records, ...places], {
        alone: channels < MANY_CHANNELS,
      });
      const apply = [from, given, dx.address, rows, channels, parts, known, coefficients, flag, records];
      threads.run('batchNormGradient', apply, { alone, pieces: parts });
      knowChannelSums(backend, dx, { address: records, parts, channels });
    });
    return [dx, dgamma, dbeta];
  },
};

/**
 * Batch norm with mean and variance given, as in inference, over the last axis. The result waits for its reader; after a
 * convolution that waits itself, it becomes part of that.
 */
export const fusedBatchNorm: SimdKernel = {
  kernelName: 'FusedBatchNorm',
  run({ inputs, attrs: { varianceEpsilon }, backend }: KernelCall<Given, { varianceEpsilon?: number }>) {
    const { mean, variance, scale, offset } = inputs;
    const x = snapshot(inputs.x);
    const { channels } = rowsOf(x);
    const given = [mean, variance, scale, offset].map((tensor) => (tensor ? snapshot(tensor) : undefined));
    if (!areFloats(x, ...given) || given.some((tensor) => tensor && !isVector(tensor, channels)))
      return undefined;
    const present = [x, ...given].filter((tensor) => tensor !== undefined);
    const withStatistics = (work: (address: number) => void) =>
      backend.scratch(16 * channels, (statistics) => {
        const addresses = given.map((tensor) => (tensor ? backend.address(tensor) : 0));
        const args = [channels, ...addresses, floatBits(varianceEpsilon ?? 0.001), statistics];
        backend.threads.run('batchNormGiven', args, { alone: true });
        work(statistics);
      });
    const before = backend.pending(x);
    const folded =
      before instanceof Convolution
        ? before.folded({ withStatistics, inputs: present.slice(1) }, x)
        : undefined;
    return backend.deferred(x.shape, folded ?? new Normalization(backend, x, withStatistics, present));
  },
};

interface Given {
  x: tf.TensorInfo;
  mean: tf.TensorInfo;
  variance: tf.TensorInfo;
  scale?: tf.TensorInfo;
  offset?: tf.TensorInfo;
}

const isVector = ({ shape }: tf.TensorInfo, length: number) => shape.length === 1 && shape[0] === length;
