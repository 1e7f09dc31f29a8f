import * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads/float-bits.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';

interface Attributes {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: 'valid' | 'same' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const { arraysEqual, sizeFromShape } = tf.util;

/**
 * The pool info and the arguments that all pooling kernels take. `isTiling`: each pixel is in exactly one
 * window.
 */
function poolPlan(shape: readonly number[], { filterSize, strides, pad, dimRoundingMode }: Attributes) {
  const dilations = 1;
  const info = tf.backend_util.computePool2DInfo(
    [...shape] as never,
    filterSize,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const { filterHeight, filterWidth, strideHeight, strideWidth, outHeight, outWidth } = info;
  const { top, left } = info.padInfo;
  const args = [
    ...[info.batchSize, info.inHeight, info.inWidth, info.inChannels, filterHeight, filterWidth],
    ...[strideHeight, strideWidth, top, left, outHeight, outWidth],
  ];
  const tilesRows = strideHeight === filterHeight && top === 0 && outHeight * filterHeight === info.inHeight;
  const tilesColumns = strideWidth === filterWidth && left === 0 && outWidth * filterWidth === info.inWidth;
  return { info, args, isTiling: tilesRows && tilesColumns };
}

const pooling = (kernelName: string, kernel: string): SimdKernel => ({
  kernelName,
  run({ inputs: { x }, attrs, backend }: KernelCall<{ x: tf.TensorInfo }, Attributes>) {
    if (!areFloats(x)) return undefined;
    const { info, args, isTiling } = poolPlan(x.shape, attrs);
    // A 1x1 window at stride 1 is the identity: the cpu backend returns the same data.
    const isIdentity = info.filterWidth * info.filterHeight === 1 && arraysEqual(info.inShape, info.outShape);
    // A window larger than the image gives a negative output size.
    if (isIdentity || Math.min(...info.outShape) <= 0) return undefined;
    const address = backend.address(x);
    const y = backend.output(info.outShape);
    backend.threadPool.dispatch(kernel, [address, y.address, 0, Number(isTiling), ...args], {
      serial: sizeFromShape(x.shape) < MIN_PARALLEL_SIZE,
    });
    return y;
  },
});

const poolingGradient = (kernelName: string, kernel: string): SimdKernel => ({
  kernelName,
  run({ inputs, attrs, backend }: KernelCall<Record<'dy' | 'input', tf.TensorInfo>, Attributes>) {
    const { dy, input } = inputs;
    if (!areFloats(dy, input)) return undefined;
    const { info, args, isTiling } = poolPlan(input.shape, attrs);
    const length = sizeFromShape(input.shape);
    if (!arraysEqual(dy.shape, info.outShape) || Math.min(length, ...dy.shape) <= 0) return undefined;
    const [dyAddress, xAddress] = [backend.address(dy), backend.address(input)];
    const dx = backend.output(input.shape);
    const { threadPool } = backend;
    const serial = length < MIN_PARALLEL_SIZE;
    // Windows that overlap or skip pixels add to dx.
    if (!isTiling) threadPool.dispatch('fill', [dx.address, length, floatBits(0)], { serial });
    threadPool.dispatch(kernel, [dyAddress, dx.address, xAddress, Number(isTiling), ...args], { serial });
    return dx;
  },
});

/**
 * Pooling and its gradients: the first maximum of a window (in row-major order) receives the gradient, as in the cpu
 * backend; an average and its gradient exclude padding. The latter has a name of its own too: see
 * fusions/corrected-gradients.ts.
 */
export const POOLING: readonly SimdKernel[] = [
  pooling('MaxPool', 'maxPool'),
  pooling('AvgPool', 'averagePool'),
  poolingGradient('MaxPoolGrad', 'maxPoolGradient'),
  poolingGradient('AvgPoolGrad', 'averagePoolGradient'),
  poolingGradient('SimdAvgPoolGradient', 'averagePoolGradient'),
];
