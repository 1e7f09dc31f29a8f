import type * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import { copyBox, merge } from '../box.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads.js';

interface Attributes {
  alignCorners: boolean;
  halfPixelCenters?: boolean;
  size: [number, number];
}

/** How often each pixel of a small image stands in a large one; undefined where not a whole number. */
function repetitions(small: readonly number[], large: readonly number[]): [number, number] | undefined {
  const [y, x] = [large[0] / small[0], large[1] / small[1]];
  return Number.isInteger(y) && Number.isInteger(x) && y > 0 && x > 0 ? [y, x] : undefined;
}

/** Enlarging by whole numbers, as an upsampling layer does. */
const resize: SimdKernel = {
  kernelName: 'ResizeNearestNeighbor',
  run({ inputs: { images }, attrs, backend }: KernelCall<{ images: tf.TensorInfo }, Attributes>) {
    const [count, height, width, channels] = images.shape;
    const times = repetitions([height, width], attrs.size);
    if (!areFloats(images) || attrs.alignCorners || !times || count * channels === 0) return undefined;
    const [down, across] = times;
    const from = backend.address(images);
    const y = backend.output([count, ...attrs.size, channels]);
    const line = width * across * channels;
    const dimensions = merge([
      { size: count * height, from: width * channels, to: down * line },
      { size: width, from: channels, to: across * channels },
      { size: across, from: 0, to: channels },
      { size: channels, from: 1, to: 1 },
    ]);
    for (let i = 0; i < down; i++) copyBox(backend, { from, to: y.address + 4 * i * line }, dimensions);
    return y;
  },
};

/** The sum over the places where a pixel stands: their number times their average. */
const gradient: SimdKernel = {
  kernelName: 'ResizeNearestNeighborGrad',
  run({
    inputs: { images, dy },
    attrs,
    backend,
  }: KernelCall<Record<'images' | 'dy', tf.TensorInfo>, Attributes>) {
    const [count, height, width, channels] = images.shape;
    const times = repetitions([height, width], dy.shape.slice(1, 3));
    if (!areFloats(images, dy) || attrs.alignCorners || !times || count * channels === 0) return undefined;
    const from = backend.address(dy);
    const length = count * height * width * channels;
    return backend.scratch(64, (number) => {
      const dx = backend.output(images.shape);
      const alone = length < 16_384;
      const [down, across] = times;
      const sizes = [count, height * down, width * across, channels, ...times, ...times, 0, 0, height, width];
      backend.threads.run('fill', [number, 1, floatBits(down * across)], { alone: true });
      backend.threads.run('averagePool', [from, dx.address, 0, 0, ...sizes], { alone });
      backend.threads.run('pairMultiply', [dx.address, number, dx.address, 1, length, 1, 0], { alone });
      return dx;
    });
  },
};

/** Resizing to the nearest pixel by whole numbers. */
export const NEAREST: readonly SimdKernel[] = [resize, gradient];
