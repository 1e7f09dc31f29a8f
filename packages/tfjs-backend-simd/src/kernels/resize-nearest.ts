import type * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { mergeDimensions, stridedCopy } from '../strided-copy.js';
import { floatBits } from '../threads/float-bits.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';

interface Attributes {
  alignCorners: boolean;
  halfPixelCenters?: boolean;
  size: [number, number];
}

/** The integer scale factors [vertical, horizontal]; undefined if not integers. */
export function scaleFactors(
  small: readonly number[],
  large: readonly number[],
): [number, number] | undefined {
  const [vertical, horizontal] = [large[0] / small[0], large[1] / small[1]];
  const isScale = (factor: number) => Number.isInteger(factor) && factor > 0;
  return isScale(vertical) && isScale(horizontal) ? [vertical, horizontal] : undefined;
}

/** Enlarging by integer factors, as the layer UpSampling2D does. */
const resize: SimdKernel = {
  kernelName: 'ResizeNearestNeighbor',
  run({ inputs: { images }, attrs, backend }: KernelCall<{ images: tf.TensorInfo }, Attributes>) {
    const [count, height, width, channels] = images.shape;
    const factors = scaleFactors([height, width], attrs.size);
    if (!areFloats(images) || attrs.alignCorners || !factors || count * channels === 0) return undefined;
    const [vertical, horizontal] = factors;
    const source = backend.address(images);
    const y = backend.output([count, ...attrs.size, channels]);
    const rowSize = width * horizontal * channels;
    const dimensions = mergeDimensions([
      { size: count * height, sourceStride: width * channels, targetStride: vertical * rowSize },
      { size: width, sourceStride: channels, targetStride: horizontal * channels },
      { size: horizontal, sourceStride: 0, targetStride: channels },
      { size: channels, sourceStride: 1, targetStride: 1 },
    ]);
    for (let i = 0; i < vertical; i++)
      stridedCopy(backend, { source, target: y.address + 4 * i * rowSize }, dimensions);
    return y;
  },
};

/** The gradient is the sum over the copies of a pixel: average pooling times the number of copies. */
const resizeGradient = (kernelName: string): SimdKernel => ({
  kernelName,
  run({ inputs, attrs, backend }: KernelCall<Record<'images' | 'dy', tf.TensorInfo>, Attributes>) {
    const { images, dy } = inputs;
    const [count, height, width, channels] = images.shape;
    const factors = scaleFactors([height, width], dy.shape.slice(1, 3));
    if (dy.shape[0] !== count || dy.shape[3] !== channels) return undefined;
    if (!areFloats(images, dy) || attrs.alignCorners || !factors || count * channels === 0) return undefined;
    const [vertical, horizontal] = factors;
    const dyAddress = backend.address(dy);
    const length = count * height * width * channels;
    const serial = length < MIN_PARALLEL_SIZE;
    return backend.withScratch(64, (copies) => {
      const dx = backend.output(images.shape);
      const { threadPool } = backend;
      const inputArgs = [count, height * vertical, width * horizontal, channels];
      const windowArgs = [...factors, ...factors, 0, 0, height, width];
      threadPool.dispatch('fill', [copies, 1, floatBits(vertical * horizontal)], { serial: true });
      threadPool.dispatch('averagePool', [dyAddress, dx.address, 0, 0, ...inputArgs, ...windowArgs], {
        serial,
      });
      threadPool.dispatch('pairMultiply', [dx.address, copies, dx.address, 1, length, 1, 0], { serial });
      return dx;
    });
  },
});

/**
 * Nearest-neighbor resizing by integer factors and its gradient, which has a name of its own too: see
 * fusions/corrected-gradients.ts.
 */
export const RESIZE_NEAREST: readonly SimdKernel[] = [
  resize,
  resizeGradient('ResizeNearestNeighborGrad'),
  resizeGradient('SimdResizeNearestGradient'),
];
