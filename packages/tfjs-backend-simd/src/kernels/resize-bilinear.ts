import * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';

interface Attributes {
  alignCorners: boolean;
  halfPixelCenters?: boolean;
  size: [number, number];
}

const { sizeFromShape } = tf.util;

/** The kernels' arguments after the addresses. The scales are pairs of numerator and denominator. */
function resizeArguments(
  inputShape: readonly number[],
  size: readonly number[],
  { alignCorners, halfPixelCenters }: Attributes,
): number[] {
  const scales = [0, 1].flatMap((i) => {
    const isAligned = alignCorners && size[i] > 1;
    return [inputShape[i + 1], size[i]].map((length) => (isAligned ? length - 1 : length));
  });
  return [...inputShape, ...size, ...scales, Number(halfPixelCenters ?? false)];
}

const resize: SimdKernel = {
  kernelName: 'ResizeBilinear',
  run({ inputs: { images }, attrs, backend }: KernelCall<{ images: tf.TensorInfo }, Attributes>) {
    const [count, , , channels] = images.shape;
    const shape = [count, ...attrs.size, channels];
    const length = sizeFromShape(shape);
    if (!areFloats(images) || sizeFromShape(images.shape) * length === 0) return undefined;
    const x = backend.address(images);
    const y = backend.output(shape);
    const args = [x, y.address, ...resizeArguments(images.shape, attrs.size, attrs)];
    backend.threadPool.dispatch('resizeBilinear', args, { serial: length < MIN_PARALLEL_SIZE });
    return y;
  },
};

const resizeGradient = (kernelName: string): SimdKernel => ({
  kernelName,
  run({ inputs, attrs, backend }: KernelCall<Record<'images' | 'dy', tf.TensorInfo>, Attributes>) {
    const { images, dy } = inputs;
    const length = sizeFromShape(dy.shape);
    const [count, , , channels] = images.shape;
    if (!areFloats(images, dy) || sizeFromShape(images.shape) * length === 0) return undefined;
    if (dy.shape[0] !== count || dy.shape[3] !== channels) return undefined;
    const dyAddress = backend.address(dy);
    const dx = backend.output(images.shape);
    const args = [dyAddress, dx.address, ...resizeArguments(images.shape, dy.shape.slice(1, 3), attrs)];
    backend.threadPool.dispatch('resizeBilinearGradient', args, { serial: length < MIN_PARALLEL_SIZE });
    return dx;
  },
});

/** Bilinear resizing and its gradient, which has a name of its own too: see fusions/corrected-gradients.ts. */
export const RESIZE_BILINEAR: readonly SimdKernel[] = [
  resize,
  resizeGradient('ResizeBilinearGrad'),
  resizeGradient('SimdResizeBilinearGradient'),
];
