import * as tf from '@tensorflow/tfjs';
import { areFloats, snapshot, type Pending, type SimdBackend } from '../backend.js';
import type { Geometry } from '../convolution-plan.js';
import { convolve, convolveBack, convolveKernels, type Activation } from '../convolution.js';
import type { KernelCall, SimdKernel } from '../kernel.js';

export interface ConvAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  dataFormat: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4 = [number, number, number, number];

/** The geometry of a convolution of ours, or undefined: another layout, groups, uneven strides where they matter. */
export function geometryOf(x: number[], filter: number[], attributes: ConvAttributes): Geometry | undefined {
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
  // Kernels larger than the image leave less than nothing.
  const { batchSize, inChannels, outHeight, outWidth, outChannels } = info;
  return Math.min(batchSize, inChannels, outHeight, outWidth, outChannels) > 0 ? info : undefined;
}

export const conv2d: SimdKernel = {
  kernelName: 'Conv2D',
  run({
    inputs: { x, filter },
    attrs,
    backend,
  }: KernelCall<{ x: tf.TensorInfo; filter: tf.TensorInfo }, ConvAttributes>) {
    const geometry = areFloats(x, filter) ? geometryOf(x.shape, filter.shape, attrs) : undefined;
    return geometry && forward(backend, { x, filter, geometry });
  },
};

export type FusedInputs = {
  x: tf.TensorInfo;
  filter: tf.TensorInfo;
  bias?: tf.TensorInfo;
  preluActivationWeights?: tf.TensorInfo;
};

/** With its bias and rectifier in the same pass; other activations are applied to what it puts out. */
export const fusedConv2d: SimdKernel = {
  kernelName: 'FusedConv2D',
  run({ inputs, attrs, backend }: KernelCall<FusedInputs, ConvAttributes & { activation: string }>) {
    const { x, filter, bias, preluActivationWeights } = inputs;
    const { activation } = attrs;
    const isOwn = activation === 'linear' || activation === 'relu' || activation === 'relu6';
    const geometry = areFloats(x, filter, bias) ? geometryOf(x.shape, filter.shape, attrs) : undefined;
    const biasFits = !bias || bias.shape.reduce((product, size) => product * size, 1) === filter.shape[3];
    if (!geometry || !isOwn || preluActivationWeights || !biasFits) return undefined;
    return forward(backend, { x, filter, bias, geometry, activation });
  },
};

function forward(
  backend: SimdBackend,
  options: FusedInputs & { geometry: Geometry; activation?: Activation },
): tf.TensorInfo {
  const { x, filter, bias, geometry, activation } = options;
  const { batchSize, outHeight, outWidth, outChannels } = geometry;
  const addresses = {
    x: backend.address(x),
    w: backend.address(filter),
    bias: bias ? backend.address(bias) : 0,
  };
  const y = backend.output([batchSize, outHeight, outWidth, outChannels]);
  convolve(backend, { ...addresses, y: y.address }, { geometry, activation });
  return y;
}

type BackpropInput = KernelCall<
  { dy: tf.TensorInfo; filter: tf.TensorInfo },
  ConvAttributes & { inputShape: Shape4 }
>;

/** Whether gradients are those of all results: a transposed convolution may be asked for others. */
const isResult = ({ shape }: tf.TensorInfo, { outHeight, outWidth }: Geometry) =>
  shape[1] === outHeight && shape[2] === outWidth;

/** The gradient of a convolution's input, once somebody asks for it. */
class InputGradient implements Pending {
  readonly inputs: readonly tf.TensorInfo[];

  constructor(
    private readonly backend: SimdBackend,
    private readonly dy: tf.TensorInfo,
    private readonly filter: tf.TensorInfo,
    private readonly geometry: Geometry,
  ) {
    this.inputs = [dy, filter];
  }

  write(address: number): void {
    const { backend, dy, filter, geometry } = this;
    convolveBack(backend, { dy: backend.address(dy), w: backend.address(filter), dx: address }, geometry);
  }
}

/** So few channels have images: training computes their gradient and throws it away. */
const IMAGE_CHANNELS = 4;

export const conv2dBackpropInput: SimdKernel = {
  kernelName: 'Conv2DBackpropInput',
  run({ inputs: { dy, filter }, attrs, backend }: BackpropInput) {
    const geometry = areFloats(dy, filter) ? geometryOf(attrs.inputShape, filter.shape, attrs) : undefined;
    if (!geometry || geometry.strideHeight !== geometry.strideWidth || !isResult(dy, geometry))
      return undefined;
    const gradient = new InputGradient(backend, snapshot(dy), snapshot(filter), geometry);
    if (geometry.inChannels <= IMAGE_CHANNELS) return backend.deferred(attrs.inputShape, gradient);
    const dx = backend.output(attrs.inputShape);
    gradient.write(dx.address);
    return dx;
  },
};

type BackpropFilter = KernelCall<
  { x: tf.TensorInfo; dy: tf.TensorInfo },
  ConvAttributes & { filterShape: Shape4 }
>;

export const conv2dBackpropFilter: SimdKernel = {
  kernelName: 'Conv2DBackpropFilter',
  run({ inputs: { x, dy }, attrs, backend }: BackpropFilter) {
    const geometry = areFloats(x, dy) ? geometryOf(x.shape, attrs.filterShape, attrs) : undefined;
    if (!geometry || !isResult(dy, geometry)) return undefined;
    const addresses = { x: backend.address(x), dy: backend.address(dy) };
    const dw = backend.output(attrs.filterShape);
    convolveKernels(backend, { ...addresses, dw: dw.address }, geometry);
    return dw;
  },
};
