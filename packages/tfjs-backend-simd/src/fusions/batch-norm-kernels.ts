import type * as tf from '@tensorflow/tfjs';
import { areFloats, snapshot } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads/float-bits.js';
import { cacheChannelSums } from './channel-sums.js';
import { PendingReluGradient } from './fused-relu.js';
import { PendingBatchNorm, rowsOf, type WithStatistics } from './pending-batch-norm.js';
import { PendingConvolution } from './pending-convolution.js';

/** The statistics of fewer channels are computed by one thread. */
const MIN_PARALLEL_CHANNELS = 1024;

/** As in TensorFlow.js. */
const DEFAULT_EPSILON = 0.001;

export interface BatchNormAttributes {
  epsilon: number;
  /** The moving mean and the moving variance, which are updated in place. */
  moving: readonly [tf.TensorInfo, tf.TensorInfo];
  momentum: number;
}

/**
 * Batch norm in training: [y, statistics]. y is deferred; statistics has the rows mean, gamma / deviation,
 * 1 / deviation, beta of the batch (population variance). Updates the moving mean and variance in place.
 */
export const batchNorm: SimdKernel = {
  kernelName: 'SimdBatchNorm',
  run({
    inputs,
    attrs: { epsilon, moving, momentum },
    backend,
  }: KernelCall<Record<'x' | 'scale' | 'offset', tf.TensorInfo>, BatchNormAttributes>) {
    const { threadPool } = backend;
    const x = snapshot(inputs.x);
    const { rows, channels, serial } = rowsOf(x);
    const [xAddress, gamma, beta] = [x, inputs.scale, inputs.offset].map((tensor) => backend.address(tensor));
    const movingAddresses = moving.map((tensor) => backend.address(tensor));
    moving.forEach((tensor) => backend.willWrite(tensor));
    const statistics = backend.output([4, channels]);
    const parts = threadPool.call('rowParts', rows, channels);
    backend.withScratch(parts * channels * 20, (records) => {
      const momentArgs = [xAddress, rows, channels, parts, records];
      threadPool.dispatch('batchNormMoments', momentArgs, { serial, maxChunks: parts });
      const args = [rows, channels, parts, records, gamma, beta, floatBits(epsilon), statistics.address];
      const movingArgs = [...movingAddresses, floatBits(1 - momentum)];
      threadPool.dispatch('batchNormStatistics', [...args, ...movingArgs], {
        serial: channels < MIN_PARALLEL_CHANNELS,
      });
    });
    const withStatistics: WithStatistics = (work) => work(backend.address(statistics));
    const pending = new PendingBatchNorm(backend, x, withStatistics, [x, statistics], statistics.dataId);
    return [backend.deferred(x.shape, pending), statistics];
  },
};

/** [dx, dgamma, dbeta] of SimdBatchNorm. */
export const batchNormGradient: SimdKernel = {
  kernelName: 'SimdBatchNormGradient',
  run({ inputs, backend }: KernelCall<Record<'dy' | 'x' | 'statistics', tf.TensorInfo>>) {
    const { threadPool } = backend;
    const { rows, channels, serial } = rowsOf(inputs.x);
    const pending = backend.pending(inputs.dy);
    // If dy is the pending gradient of the ReLU after this batch norm, recompute the ReLU mask from x, which
    // is read anyway.
    const isRectified =
      pending instanceof PendingReluGradient && pending.statistics === inputs.statistics.dataId;
    const tensors = [inputs.x, isRectified ? pending.dy : inputs.dy, inputs.statistics];
    const [x, dy, statistics] = tensors.map((tensor) => backend.address(tensor));
    const dx = backend.output(inputs.x.shape);
    const [dgamma, dbeta] = [backend.output([channels]), backend.output([channels])];
    const parts = threadPool.call('rowParts', rows, channels);
    const rectified = Number(isRectified);
    backend.withScratch((parts * 16 + 8) * channels, (records) => {
      const coefficients = records + parts * 16 * channels;
      const sumArgs = [x, dy, rows, channels, parts, statistics, rectified, records];
      threadPool.dispatch('batchNormGradientSums', sumArgs, { serial, maxChunks: parts });
      const results = [statistics, dgamma.address, dbeta.address, coefficients];
      threadPool.dispatch('batchNormGradientCoefficients', [rows, channels, parts, records, ...results], {
        serial: channels < MIN_PARALLEL_CHANNELS,
      });
      const sizes = [rows, channels, parts];
      const args = [x, dy, dx.address, ...sizes, statistics, coefficients, rectified, records];
      threadPool.dispatch('batchNormGradient', args, { serial, maxChunks: parts });
      cacheChannelSums(backend, dx, { address: records, parts, channels });
    });
    return [dx, dgamma, dbeta];
  },
};

interface FusedBatchNormInputs {
  x: tf.TensorInfo;
  mean: tf.TensorInfo;
  variance: tf.TensorInfo;
  scale?: tf.TensorInfo;
  offset?: tf.TensorInfo;
}

const isVector = ({ shape }: tf.TensorInfo, length: number) => shape.length === 1 && shape[0] === length;

/**
 * Batch norm with given mean and variance (inference), over the last axis. The result is deferred; after a
 * pending convolution it is folded into the filter and bias.
 */
export const fusedBatchNorm: SimdKernel = {
  kernelName: 'FusedBatchNorm',
  run({ inputs, attrs, backend }: KernelCall<FusedBatchNormInputs, { varianceEpsilon?: number }>) {
    const { mean, variance, scale, offset } = inputs;
    const epsilon = floatBits(attrs.varianceEpsilon ?? DEFAULT_EPSILON);
    const x = snapshot(inputs.x);
    const { channels } = rowsOf(x);
    const parameters = [mean, variance, scale, offset].map((tensor) => tensor && snapshot(tensor));
    const presentParameters = parameters.filter((tensor) => tensor !== undefined);
    const isSupported =
      channels > 0 &&
      areFloats(x, ...parameters) &&
      presentParameters.every((tensor) => isVector(tensor, channels));
    if (!isSupported) return undefined;
    const withStatistics: WithStatistics = (work) =>
      backend.withScratch(16 * channels, (statistics) => {
        const addresses = parameters.map((tensor) => (tensor ? backend.address(tensor) : 0));
        const args = [channels, ...addresses, epsilon, statistics];
        backend.threadPool.dispatch('batchNormInferenceStatistics', args, { serial: true });
        work(statistics);
      });
    const pendingX = backend.pending(x);
    const folded =
      pendingX instanceof PendingConvolution
        ? pendingX.withBatchNorm({ withStatistics, inputs: presentParameters }, x)
        : undefined;
    const pending = folded ?? new PendingBatchNorm(backend, x, withStatistics, [x, ...presentParameters]);
    return backend.deferred(x.shape, pending);
  },
};
