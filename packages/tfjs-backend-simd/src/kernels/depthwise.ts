import * as tf from '@tensorflow/tfjs';
import { ACTIVATION_CODES, isFusedActivation } from '../activation-codes.js';
import { areFloats, type SimdBackend } from '../backend.js';
import { hasWholeSteps } from '../convolution/convolution-plan.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';
import type { ConvAttributes, FusedInputs, Shape4 } from './conv2d.js';

type Attributes = Omit<ConvAttributes, 'dataFormat'>;

const { arraysEqual, sizeFromShape } = tf.util;

/** The maximum number of partial sums of a filter gradient, independent of the number of threads. */
const MAX_PARTS = 16;

/** The conv info and the arguments of the kernels, whose channels are the output channels. */
function depthwisePlan(x: readonly number[], filter: readonly number[], attributes: Attributes) {
  const { strides, pad, dilations, dimRoundingMode } = attributes;
  const info = tf.backend_util.computeConv2DInfo(
    [...x] as Shape4,
    [...filter] as Shape4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
  const { batchSize, inHeight, inWidth, inChannels, outChannels, outHeight, outWidth, padInfo } = info;
  const args = [
    ...[batchSize, inHeight, inWidth, outChannels, info.filterHeight, info.filterWidth],
    ...[info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth],
    ...[padInfo.top, padInfo.left, outHeight, outWidth],
  ];
  const pixels = batchSize * inHeight * inWidth;
  const largestSize = Math.max(pixels, batchSize * outHeight * outWidth) * outChannels;
  return {
    info,
    args,
    pixels,
    channelMultiplier: outChannels / inChannels,
    serial: largestSize < MIN_PARALLEL_SIZE,
    isUnsupported:
      filter[2] !== x[3] || !hasWholeSteps(info) || Math.min(...info.inShape, ...info.outShape) <= 0,
  };
}

type DepthwisePlan = ReturnType<typeof depthwisePlan>;

/** Calls `work` with x with each channel repeated `channelMultiplier` times. */
function withRepeatedChannels(
  backend: SimdBackend,
  x: number,
  { info, pixels, channelMultiplier, serial }: DepthwisePlan,
  work: (address: number) => void,
): void {
  if (channelMultiplier === 1) return work(x);
  backend.withScratch(4 * pixels * info.outChannels, (repeated) => {
    const args = [x, repeated, pixels * info.inChannels, channelMultiplier];
    backend.threadPool.dispatch('repeatValues', args, { serial });
    work(repeated);
  });
}

const forward = (kernelName: string): SimdKernel => ({
  kernelName,
  run({ inputs, attrs, backend }: KernelCall<FusedInputs, Attributes & { activation?: string }>) {
    const activation = attrs.activation ?? 'linear';
    const { filter, bias, preluActivationWeights } = inputs;
    if (!areFloats(inputs.x, filter, bias) || preluActivationWeights) return undefined;
    if (!isFusedActivation(activation)) return undefined;
    const plan = depthwisePlan(inputs.x.shape, filter.shape, attrs);
    if (plan.isUnsupported || (bias && sizeFromShape(bias.shape) !== plan.info.outChannels)) return undefined;
    const [x, w] = [backend.address(inputs.x), backend.address(filter)];
    const biasAddress = bias ? backend.address(bias) : 0;
    const y = backend.output(plan.info.outShape);
    withRepeatedChannels(backend, x, plan, (repeatedX) => {
      const args = [repeatedX, w, y.address, ACTIVATION_CODES[activation], ...plan.args, biasAddress];
      backend.threadPool.dispatch('depthwiseForward', args, { serial: plan.serial });
    });
    return y;
  },
});

const inputGradient = (kernelName: string): SimdKernel => ({
  kernelName,
  run({
    inputs,
    attrs,
    backend,
  }: KernelCall<Record<'dy' | 'filter', tf.TensorInfo>, Attributes & { inputShape: Shape4 }>) {
    if (!areFloats(inputs.dy, inputs.filter)) return undefined;
    const plan = depthwisePlan(attrs.inputShape, inputs.filter.shape, attrs);
    const { info, pixels, channelMultiplier, serial } = plan;
    if (plan.isUnsupported || !arraysEqual(inputs.dy.shape, info.outShape)) return undefined;
    const [dy, w] = [backend.address(inputs.dy), backend.address(inputs.filter)];
    const dx = backend.output(info.inShape);
    if (channelMultiplier === 1) computeInputGradient(backend, { dy, w, dx: dx.address }, plan);
    else
      backend.withScratch(4 * pixels * info.outChannels, (repeatedDx) => {
        computeInputGradient(backend, { dy, w, dx: repeatedDx }, plan);
        const args = [repeatedDx, dx.address, pixels * info.inChannels, channelMultiplier];
        backend.threadPool.dispatch('sumRepeated', args, { serial });
      });
    return dx;
  },
});

interface InputGradientAddresses {
  dy: number;
  w: number;
  dx: number;
}

/** dx, with the channels of y. */
function computeInputGradient(
  backend: SimdBackend,
  { dy, w, dx }: InputGradientAddresses,
  plan: DepthwisePlan,
): void {
  const { info, args, serial } = plan;
  if (info.strideHeight * info.strideWidth === 1)
    return convolveWithRotatedFilter(backend, { dy, w, dx }, plan);
  backend.threadPool.dispatch('depthwiseInputGradient', [dy, w, dx, 0, ...args], { serial });
}

/**
 * At stride 1 the input gradient is a depthwise convolution of dy with the filter rotated by 180 degrees,
 * which is faster than the gather kernel.
 */
function convolveWithRotatedFilter(
  backend: SimdBackend,
  { dy, w, dx }: InputGradientAddresses,
  { info, serial }: DepthwisePlan,
): void {
  const { outChannels, filterHeight, filterWidth, dilationHeight, dilationWidth, padInfo } = info;
  const { threadPool } = backend;
  const taps = filterHeight * filterWidth;
  backend.withScratch(4 * taps * outChannels + 16, (rotated) => {
    const filterValues = threadPool.memory.floats(w, taps * outChannels);
    const rotatedValues = threadPool.memory.floats(rotated, taps * outChannels);
    for (let tap = 0; tap < taps; tap++) {
      const tapValues = filterValues.subarray(tap * outChannels, (tap + 1) * outChannels);
      rotatedValues.set(tapValues, (taps - 1 - tap) * outChannels);
    }
    const top = (filterHeight - 1) * dilationHeight - padInfo.top;
    const left = (filterWidth - 1) * dilationWidth - padInfo.left;
    const sizes = [info.batchSize, info.outHeight, info.outWidth, outChannels, filterHeight, filterWidth];
    const geometry = [1, 1, dilationHeight, dilationWidth, top, left, info.inHeight, info.inWidth];
    const [activation, bias] = [ACTIVATION_CODES.linear, 0];
    const args = [dy, rotated, dx, activation, ...sizes, ...geometry, bias];
    threadPool.dispatch('depthwiseForward', args, { serial });
  });
}

const filterGradient = (kernelName: string): SimdKernel => ({
  kernelName,
  run({
    inputs,
    attrs,
    backend,
  }: KernelCall<Record<'x' | 'dy', tf.TensorInfo>, Attributes & { filterShape: Shape4 }>) {
    if (!areFloats(inputs.x, inputs.dy)) return undefined;
    const plan = depthwisePlan(inputs.x.shape, attrs.filterShape, attrs);
    const { info, args, serial, isUnsupported } = plan;
    if (isUnsupported || !arraysEqual(inputs.dy.shape, info.outShape)) return undefined;
    const { threadPool } = backend;
    const [x, dy] = [backend.address(inputs.x), backend.address(inputs.dy)];
    const dw = backend.output(attrs.filterShape);
    const parts = Math.min(MAX_PARTS, info.batchSize);
    const taps = info.filterHeight * info.filterWidth;
    withRepeatedChannels(backend, x, plan, (repeatedX) =>
      backend.withScratch(4 * parts * taps * Math.ceil(info.outChannels / 4) * 4, (sums) => {
        const partArgs = [repeatedX, dy, sums, parts, ...args];
        threadPool.dispatch('depthwiseFilterGradientParts', partArgs, { serial, maxChunks: parts });
        const reduceArgs = [sums, dw.address, parts, taps, info.outChannels];
        const reducedSize = parts * dw.shape[2] * taps;
        threadPool.dispatch('depthwiseFilterGradientReduce', reduceArgs, {
          serial: reducedSize < MIN_PARALLEL_SIZE,
        });
      }),
    );
    return dw;
  },
});

/**
 * Depthwise convolution, with bias and rectifier fused, and its gradients, which have names of their own too: see
 * fusions/corrected-gradients.ts.
 */
export const DEPTHWISE: readonly SimdKernel[] = [
  forward('DepthwiseConv2dNative'),
  forward('FusedDepthwiseConv2D'),
  inputGradient('DepthwiseConv2dNativeBackpropInput'),
  inputGradient('SimdDepthwiseInputGradient'),
  filterGradient('DepthwiseConv2dNativeBackpropFilter'),
  filterGradient('SimdDepthwiseFilterGradient'),
];
