import * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads.js';

interface Attributes {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: 'valid' | 'same' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const SHORT = 16_384;

/** What all kernels of pooling need to know of it, as arguments. */
function describe(shape: readonly number[], { filterSize, strides, pad, dimRoundingMode }: Attributes) {
  const info = tf.backend_util.computePool2DInfo(
    [...shape] as never,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo, outHeight, outWidth } = info;
  const args = [
    ...[info.batchSize, info.inHeight, info.inWidth, info.inChannels, filterHeight, filterWidth],
    ...[strideHeight, strideWidth, padInfo.top, padInfo.left, outHeight, outWidth],
  ];
  const { top, left } = padInfo;
  const coversRows = strideHeight === filterHeight && top === 0 && outHeight * filterHeight === info.inHeight;
  const coversColumns = strideWidth === filterWidth && left === 0 && outWidth * filterWidth === info.inWidth;
  return { info, args, covers: coversRows && coversColumns };
}

const pooling = (kernelName: string, kernel: string): SimdKernel => ({
  kernelName,
  run({ inputs: { x }, attrs, backend }: KernelCall<{ x: tf.TensorInfo }, Attributes>) {
    if (!areFloats(x)) return undefined;
    const { info, args, covers } = describe(x.shape, attrs);
    const isWindow = info.filterWidth * info.filterHeight > 1;
    // A window of one pixel that skips none: the cpu backend hands on the same values.
    if (!isWindow && tf.util.arraysEqual(info.inShape, info.outShape)) return undefined;
    // Windows larger than the image leave less than nothing.
    if (Math.min(...info.outShape) <= 0) return undefined;
    const from = backend.address(x);
    const y = backend.output(info.outShape);
    backend.threads.run(kernel, [from, y.address, 0, Number(covers), ...args], {
      alone: tf.util.sizeFromShape(x.shape) < SHORT,
    });
    return y;
  },
});

const gradient = (kernelName: string, kernel: string): SimdKernel => ({
  kernelName,
  run({
    inputs: { dy, input },
    attrs,
    backend,
  }: KernelCall<{ dy: tf.TensorInfo; input: tf.TensorInfo }, Attributes>) {
    if (!areFloats(dy, input)) return undefined;
    const { info, args, covers } = describe(input.shape, attrs);
    const length = tf.util.sizeFromShape(input.shape);
    if (!tf.util.arraysEqual(dy.shape, info.outShape) || Math.min(length, ...dy.shape) <= 0) return undefined;
    const addresses = [backend.address(dy), backend.address(input)];
    const dx = backend.output(input.shape);
    const alone = length < SHORT;
    if (!covers) backend.threads.run('fill', [dx.address, length, floatBits(0)], { alone });
    backend.threads.run(kernel, [addresses[0], dx.address, addresses[1], Number(covers), ...args], { alone });
    return dx;
  },
});

/**
 * Pooling and its gradients. The first maximum of a window, row by row, gets its gradient; averages leave padding out, and
 * their gradients do not, both as in the cpu backend.
 */
export const POOLING: readonly SimdKernel[] = [
  pooling('MaxPool', 'maxPool'),
  pooling('AvgPool', 'averagePool'),
  gradient('MaxPoolGrad', 'maxPoolGradient'),
  gradient('AvgPoolGrad', 'averagePoolGradient'),
];
