import * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';

interface Attributes {
  alignCorners: boolean;
  halfPixelCenters?: boolean;
  size: [number, number];
}

/** Fewer values are done sooner than handed over. */
const SHORT = 16_384;

/** The kernels' arguments after the addresses. */
function describe(given: readonly number[], size: readonly number[], attributes: Attributes): number[] {
  const { alignCorners, halfPixelCenters } = attributes;
  const pixels = [0, 1].flatMap((i) => {
    const isAligned = alignCorners && size[i] > 1;
    return [given[i + 1], size[i]].map((length) => (isAligned ? length - 1 : length));
  });
  return [...given, ...size, ...pixels, Number(halfPixelCenters ?? false)];
}

const resize: SimdKernel = {
  kernelName: 'ResizeBilinear',
  run({ inputs: { images }, attrs, backend }: KernelCall<{ images: tf.TensorInfo }, Attributes>) {
    const [count, , , channels] = images.shape;
    const shape = [count, ...attrs.size, channels];
    const length = tf.util.sizeFromShape(shape);
    if (!areFloats(images) || tf.util.sizeFromShape(images.shape) * length === 0) return undefined;
    const from = backend.address(images);
    const y = backend.output(shape);
    const args = describe(images.shape, attrs.size, attrs);
    backend.threads.run('resizeBilinear', [from, y.address, ...args], { alone: length < SHORT });
    return y;
  },
};

const gradient: SimdKernel = {
  kernelName: 'ResizeBilinearGrad',
  run({
    inputs: { images, dy },
    attrs,
    backend,
  }: KernelCall<Record<'images' | 'dy', tf.TensorInfo>, Attributes>) {
    const length = tf.util.sizeFromShape(dy.shape);
    const isEmpty = tf.util.sizeFromShape(images.shape) * length === 0;
    // TensorFlow.js's own takes no notice of half pixels.
    if (!areFloats(images, dy) || isEmpty || attrs.halfPixelCenters) return undefined;
    const from = backend.address(dy);
    const dx = backend.output(images.shape);
    const args = describe(images.shape, dy.shape.slice(1, 3), attrs);
    backend.threads.run('resizeBilinearGradient', [from, dx.address, ...args], { alone: length < SHORT });
    return dx;
  },
};

/** Resizing by bilinear interpolation. */
export const BILINEAR: readonly SimdKernel[] = [resize, gradient];
