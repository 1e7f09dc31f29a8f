import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import {
  denseStrides,
  isCopyable,
  mergeDimensions,
  stridedCopy,
  type StridedDimension,
} from '../strided-copy.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';

/** The kernel transposes planes in at most two outer dimensions. */
const MAX_PLANE_DIMENSIONS = 4;

/**
 * Permutes dimensions: copies rows where the innermost axis stays innermost, else transposes planes in 4x4
 * blocks.
 */
export const transpose: SimdKernel = {
  kernelName: 'Transpose',
  run({ inputs: { x }, attrs: { perm }, backend }: KernelCall<{ x: tf.TensorInfo }, { perm: number[] }>) {
    // TensorFlow.js checks that they are axes of x.
    if (new Set(perm).size < perm.length)
      throw new Error(`Expected perm to hold each axis once, got [${perm}]`);
    if (!areFloats(x)) return undefined;
    const shape = perm.map((axis) => x.shape[axis]);
    if (tf.util.sizeFromShape(shape) === 0) return undefined;
    const [xStrides, yStrides] = [denseStrides(x.shape), denseStrides(shape)];
    const dimensions = mergeDimensions(
      shape.map((size, i) => ({ size, sourceStride: xStrides[perm[i]], targetStride: yStrides[i] })),
    );
    const last = dimensions.at(-1);
    const isPlane = last !== undefined && last.sourceStride !== 1;
    const isSupported = isPlane ? dimensions.length <= MAX_PLANE_DIMENSIONS : isCopyable(dimensions);
    if (!isSupported) return undefined;
    const source = backend.address(x);
    const y = backend.output(shape);
    const addresses = { source, target: y.address };
    if (isPlane) transposePlanes(backend, addresses, dimensions);
    else stridedCopy(backend, addresses, dimensions);
    return y;
  },
};

/**
 * Transposes the planes of the last target dimension and of the dimension that is contiguous in the source.
 */
function transposePlanes(
  backend: SimdBackend,
  { source, target }: { source: number; target: number },
  dimensions: readonly StridedDimension[],
): void {
  const columns = dimensions.at(-1)!;
  const rows = dimensions.find(({ sourceStride }) => sourceStride === 1)!;
  const outer = dimensions.filter((dimension) => dimension !== rows && dimension !== columns);
  while (outer.length < 2) outer.unshift({ size: 1, sourceStride: 0, targetStride: 0 });
  const args = [
    ...[source, target, outer[0].size, outer[1].size, rows.size, columns.size],
    ...[...outer, columns].map(({ sourceStride }) => 4 * sourceStride),
    ...[...outer, rows].map(({ targetStride }) => 4 * targetStride),
  ];
  const length = dimensions.reduce((product, { size }) => product * size, 1);
  backend.threadPool.dispatch('transposePlanes', args, { serial: length < MIN_PARALLEL_SIZE });
}
