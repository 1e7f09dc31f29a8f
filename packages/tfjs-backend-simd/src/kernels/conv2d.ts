import * as tf from '@tensorflow/tfjs';
import { isFusedActivation, type FusedActivation } from '../activation-codes.js';
import { areFloats, snapshot, type PendingOperation, type SimdBackend } from '../backend.js';
import { hasWholeSteps, type ConvInfo } from '../convolution/convolution-plan.js';
import { convolutionFilterGradient, convolutionInputGradient, convolve } from '../convolution/convolution.js';
import type { KernelCall, SimdKernel } from '../kernel.js';

export type Shape4 = [number, number, number, number];

export interface ConvAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  dataFormat: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export interface FusedInputs {
  x: tf.TensorInfo;
  filter: tf.TensorInfo;
  bias?: tf.TensorInfo;
  preluActivationWeights?: tf.TensorInfo;
}

/**
 * Inputs with at most 4 channels are images: TensorFlow.js computes their gradient in training and discards
 * it.
 */
const MAX_IMAGE_CHANNELS = 4;

/** The conv info of a supported convolution; undefined for NCHW, grouped and empty ones. */
export function convInfoOf(x: number[], filter: number[], attributes: ConvAttributes): ConvInfo | undefined {
  const { strides, pad, dataFormat, dilations = 1, dimRoundingMode } = attributes;
  if (dataFormat === 'NCHW' || x[3] !== filter[2]) return undefined;
  const info = tf.backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  if (!hasWholeSteps(info)) return undefined;
  // A filter larger than the image gives a negative output size.
  const { batchSize, inChannels, outHeight, outWidth, outChannels } = info;
  return Math.min(batchSize, inChannels, outHeight, outWidth, outChannels) > 0 ? info : undefined;
}

/** Whether a bias, if there is one, has one value per output channel of the filter. */
export const isChannelBias = (bias: tf.TensorInfo | undefined, filter: tf.TensorInfo): boolean =>
  !bias || tf.util.sizeFromShape(bias.shape) === filter.shape[3];

export const conv2d: SimdKernel = {
  kernelName: 'Conv2D',
  run({ inputs, attrs, backend }: KernelCall<Record<'x' | 'filter', tf.TensorInfo>, ConvAttributes>) {
    const { x, filter } = inputs;
    const convInfo = areFloats(x, filter) ? convInfoOf(x.shape, filter.shape, attrs) : undefined;
    return convInfo && forward(backend, { x, filter }, { convInfo });
  },
};

/** With bias and rectifier fused. Other activations are not supported: the cpu backend's kernel runs. */
export const fusedConv2d: SimdKernel = {
  kernelName: 'FusedConv2D',
  run({ inputs, attrs, backend }: KernelCall<FusedInputs, ConvAttributes & { activation: string }>) {
    const { x, filter, bias, preluActivationWeights } = inputs;
    const { activation } = attrs;
    const convInfo = areFloats(x, filter, bias) ? convInfoOf(x.shape, filter.shape, attrs) : undefined;
    if (!convInfo || !isFusedActivation(activation)) return undefined;
    if (preluActivationWeights || !isChannelBias(bias, filter)) return undefined;
    return forward(backend, { x, filter, bias }, { convInfo, activation });
  },
};

function forward(
  backend: SimdBackend,
  inputs: FusedInputs,
  options: { convInfo: ConvInfo; activation?: FusedActivation },
): tf.TensorInfo {
  const { batchSize, outHeight, outWidth, outChannels } = options.convInfo;
  const x = backend.address(inputs.x);
  const w = backend.address(inputs.filter);
  const bias = inputs.bias ? backend.address(inputs.bias) : 0;
  const y = backend.output([batchSize, outHeight, outWidth, outChannels]);
  convolve(backend, { x, w, bias, y: y.address }, options);
  return y;
}

/** Whether dy has the shape of the output; that of a transposed convolution may have another size. */
const isOutput = ({ shape }: tf.TensorInfo, { batchSize, outHeight, outWidth, outChannels }: ConvInfo) =>
  tf.util.arraysEqual(shape, [batchSize, outHeight, outWidth, outChannels]);

/** The pending input gradient of a convolution. */
class PendingInputGradient implements PendingOperation {
  readonly inputs: readonly tf.TensorInfo[];

  constructor(
    private readonly backend: SimdBackend,
    private readonly dy: tf.TensorInfo,
    private readonly filter: tf.TensorInfo,
    private readonly convInfo: ConvInfo,
  ) {
    this.inputs = [dy, filter];
  }

  computeInto(address: number): void {
    const { backend, dy, filter, convInfo } = this;
    const addresses = { dy: backend.address(dy), w: backend.address(filter), dx: address };
    convolutionInputGradient(backend, addresses, convInfo);
  }
}

export const conv2dBackpropInput: SimdKernel = {
  kernelName: 'Conv2DBackpropInput',
  run({
    inputs: { dy, filter },
    attrs,
    backend,
  }: KernelCall<Record<'dy' | 'filter', tf.TensorInfo>, ConvAttributes & { inputShape: Shape4 }>) {
    const { inputShape } = attrs;
    const convInfo = areFloats(dy, filter) ? convInfoOf(inputShape, filter.shape, attrs) : undefined;
    if (!convInfo || convInfo.strideHeight !== convInfo.strideWidth) return undefined;
    if (!isOutput(dy, convInfo)) return undefined;
    const gradient = new PendingInputGradient(backend, snapshot(dy), snapshot(filter), convInfo);
    if (convInfo.inChannels <= MAX_IMAGE_CHANNELS) return backend.deferred(inputShape, gradient);
    const dx = backend.output(inputShape);
    gradient.computeInto(dx.address);
    return dx;
  },
};

export const conv2dBackpropFilter: SimdKernel = {
  kernelName: 'Conv2DBackpropFilter',
  run({
    inputs: { x, dy },
    attrs,
    backend,
  }: KernelCall<Record<'x' | 'dy', tf.TensorInfo>, ConvAttributes & { filterShape: Shape4 }>) {
    const convInfo = areFloats(x, dy) ? convInfoOf(x.shape, attrs.filterShape, attrs) : undefined;
    if (!convInfo || !isOutput(dy, convInfo)) return undefined;
    const addresses = { x: backend.address(x), dy: backend.address(dy) };
    const dw = backend.output(attrs.filterShape);
    convolutionFilterGradient(backend, { ...addresses, dw: dw.address }, convInfo);
    return dw;
  },
};
