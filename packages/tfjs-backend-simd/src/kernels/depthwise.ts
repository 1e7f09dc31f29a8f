import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import type { ConvAttributes } from './conv2d.js';

type Shape4 = [number, number, number, number];
type Attributes = Omit<ConvAttributes, 'dataFormat'>;

const { sizeFromShape } = tf.util;

/** Fewer values are done sooner than handed over. */
const SHORT = 16_384;
/** The sums of a kernel's gradient are kept in so many parts, whatever the number of threads. */
const PARTS = 16;

/** Channels as the kernels see them: those of the result. */
function describe(x: readonly number[], filter: readonly number[], attributes: Attributes) {
  const { strides, pad, dilations = 1, dimRoundingMode } = attributes;
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
  return {
    ...{ info, args, pixels, repeat: outChannels / inChannels },
    alone: Math.max(pixels, batchSize * outHeight * outWidth) * outChannels < SHORT,
    isEmpty: Math.min(...info.inShape, ...info.outShape) <= 0,
  };
}

type Description = ReturnType<typeof describe>;

/** The address of x with each channel as often as it has kernels. */
function withRepeated<T>(
  backend: SimdBackend,
  x: number,
  { info, pixels, repeat, alone }: Description,
  work: (address: number) => T,
): T {
  if (repeat === 1) return work(x);
  return backend.scratch(4 * pixels * info.outChannels, (to) => {
    backend.threads.run('repeatValues', [x, to, pixels * info.inChannels, repeat], { alone });
    return work(to);
  });
}

interface Inputs {
  x: tf.TensorInfo;
  filter: tf.TensorInfo;
  bias?: tf.TensorInfo;
  preluActivationWeights?: tf.TensorInfo;
}

/** Activations in the same pass. */
const OWN: Record<string, number> = { linear: 0, relu: 1, relu6: 2 };

const forward = (kernelName: string): SimdKernel => ({
  kernelName,
  run({ inputs, attrs, backend }: KernelCall<Inputs, Attributes & { activation?: string }>) {
    const { x, filter, bias, preluActivationWeights } = inputs;
    const activation = OWN[attrs.activation ?? 'linear'];
    if (!areFloats(x, filter, bias) || activation === undefined || preluActivationWeights) return undefined;
    const plan = describe(x.shape, filter.shape, attrs);
    if (plan.isEmpty || (bias && sizeFromShape(bias.shape) !== plan.info.outChannels)) return undefined;
    const [from, w, b] = [x, filter, bias].map((tensor) => (tensor ? backend.address(tensor) : 0));
    const y = backend.output(plan.info.outShape);
    withRepeated(backend, from, plan, (address) =>
      backend.threads.run('depthwiseForward', [address, w, y.address, activation, ...plan.args, b], {
        alone: plan.alone,
      }),
    );
    return y;
  },
});

const inputGradient: SimdKernel = {
  kernelName: 'DepthwiseConv2dNativeBackpropInput',
  run({
    inputs: { dy, filter },
    attrs,
    backend,
  }: KernelCall<Record<'dy' | 'filter', tf.TensorInfo>, Attributes & { inputShape: Shape4 }>) {
    if (!areFloats(dy, filter)) return undefined;
    const { info, args, pixels, repeat, alone, isEmpty } = describe(attrs.inputShape, filter.shape, attrs);
    if (isEmpty || !tf.util.arraysEqual(dy.shape, info.outShape)) return undefined;
    const { threads } = backend;
    const [from, w] = [dy, filter].map((tensor) => backend.address(tensor));
    const dx = backend.output(info.inShape);
    const gather = (to: number) => {
      if (info.strideHeight * info.strideWidth !== 1)
        return threads.run('depthwiseInputGradient', [from, w, to, 0, ...args], { alone });
      // Without strides it is a convolution of dy, by the kernels turned by half a turn: quicker than to look for places.
      const { outChannels, filterHeight, filterWidth, padInfo } = info;
      const places = filterHeight * filterWidth;
      backend.scratch(4 * places * outChannels + 16, (turned) => {
        const [given, result] = [w, turned].map((at) => threads.memory.floats(at, places * outChannels));
        for (let i = 0; i < places; i++)
          result.set(given.subarray(i * outChannels, (i + 1) * outChannels), (places - 1 - i) * outChannels);
        const top = (filterHeight - 1) * info.dilationHeight - padInfo.top;
        const left = (filterWidth - 1) * info.dilationWidth - padInfo.left;
        const sizes = [info.batchSize, info.outHeight, info.outWidth, outChannels, filterHeight, filterWidth];
        const steps = [1, 1, info.dilationHeight, info.dilationWidth, top, left];
        const back = [from, turned, to, 0, ...sizes, ...steps, info.inHeight, info.inWidth, 0];
        threads.run('depthwiseForward', back, { alone });
      });
    };
    if (repeat === 1) gather(dx.address);
    else
      backend.scratch(4 * pixels * info.outChannels, (to) => {
        gather(to);
        threads.run('sumRepeated', [to, dx.address, pixels * info.inChannels, repeat], { alone });
      });
    return dx;
  },
};

const kernelGradient: SimdKernel = {
  kernelName: 'DepthwiseConv2dNativeBackpropFilter',
  run({
    inputs: { x, dy },
    attrs,
    backend,
  }: KernelCall<Record<'x' | 'dy', tf.TensorInfo>, Attributes & { filterShape: Shape4 }>) {
    if (!areFloats(x, dy)) return undefined;
    const plan = describe(x.shape, attrs.filterShape, attrs);
    const { info, args, alone, isEmpty } = plan;
    if (isEmpty || !tf.util.arraysEqual(dy.shape, info.outShape)) return undefined;
    const { threads } = backend;
    const [from, given] = [x, dy].map((tensor) => backend.address(tensor));
    const dw = backend.output(attrs.filterShape);
    const parts = Math.min(PARTS, info.batchSize);
    const places = info.filterHeight * info.filterWidth;
    withRepeated(backend, from, plan, (address) =>
      backend.scratch(4 * parts * places * Math.ceil(info.outChannels / 4) * 4, (sums) => {
        const options = { alone, pieces: parts };
        threads.run('depthwiseKernelProducts', [address, given, sums, parts, ...args], options);
        const join = [sums, dw.address, parts, places, info.outChannels];
        threads.run('depthwiseKernelGradient', join, { alone: parts * dw.shape[2] * places < SHORT });
      }),
    );
    return dw;
  },
};

/** Depthwise convolution, with bias and rectifier in the same pass, and its gradients. */
export const DEPTHWISE: readonly SimdKernel[] = [
  forward('DepthwiseConv2dNative'),
  forward('FusedDepthwiseConv2D'),
  inputGradient,
  kernelGradient,
];
