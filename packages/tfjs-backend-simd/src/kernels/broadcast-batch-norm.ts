import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads/float-bits.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';
import { canBroadcast, runBinary } from './binary.js';

interface Inputs {
  x: tf.TensorInfo;
  mean: tf.TensorInfo;
  variance: tf.TensorInfo;
  scale?: tf.TensorInfo;
  offset?: tf.TensorInfo;
}

/** As in TensorFlow.js. */
const DEFAULT_EPSILON = 0.001;

type Result = tf.TensorInfo & { address: number };

/** Whether a tensor can be broadcast to a shape. */
function isBroadcastable({ shape }: tf.TensorInfo, target: readonly number[]): boolean {
  const offset = target.length - shape.length;
  const fits = offset >= 0 && shape.every((size, i) => size === 1 || size === target[offset + i]);
  return fits && canBroadcast(target, shape);
}

/** 1 / sqrt(variance + epsilon) */
function inverseDeviation(backend: SimdBackend, variance: tf.TensorInfo, epsilon: number): Result {
  const constant = backend.output([]);
  const { threadPool } = backend;
  threadPool.dispatch('fill', [constant.address, 1, floatBits(epsilon)], { serial: true });
  const sum = runBinary('pairAdd', { a: variance, b: constant, backend })!;
  backend.disposeData(constant.dataId);
  const length = tf.util.sizeFromShape(variance.shape);
  const serial = length < MIN_PARALLEL_SIZE;
  threadPool.dispatch('eachRsqrt', [sum.address, sum.address, length, 0, 0], { serial });
  return sum;
}

/**
 * Batch norm with statistics that are broadcast to the shape of x, as the layer BatchNormalization calls it for an axis
 * that is not the last. The cpu backend's kernel repeats the statistics instead, in the order of the values.
 */
export const broadcastBatchNorm: SimdKernel = {
  kernelName: 'FusedBatchNorm',
  run({ inputs, attrs, backend }: KernelCall<Inputs, { varianceEpsilon?: number }>) {
    const { x, mean, variance, scale, offset } = inputs;
    const parameters = [mean, variance, scale, offset].filter((tensor) => tensor !== undefined);
    const areParametersSupported = parameters.every(
      (a) => isBroadcastable(a, x.shape) && parameters.every((b) => canBroadcast(a.shape, b.shape)),
    );
    if (!areFloats(x, ...parameters) || !areParametersSupported) return undefined;

    /** Combines two tensors, and disposes of the first. */
    const combine = (kernel: string, a: Result, b: tf.TensorInfo): Result => {
      const result = runBinary(kernel, { a, b, backend })!;
      backend.disposeData(a.dataId);
      return result;
    };
    const deviation = inverseDeviation(backend, variance, attrs.varianceEpsilon ?? DEFAULT_EPSILON);
    const factor = scale ? combine('pairMultiply', deviation, scale) : deviation;
    const centered = runBinary('pairSubtract', { a: x, b: mean, backend })!;
    const normalized = combine('pairMultiply', centered, factor);
    backend.disposeData(factor.dataId);
    return offset ? combine('pairAdd', normalized, offset) : normalized;
  },
};
