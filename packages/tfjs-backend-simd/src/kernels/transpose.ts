import * as tf from '@tensorflow/tfjs';
import { areFloats } from '../backend.js';
import { copyBox, isCopyable, merge, steps } from '../box.js';
import type { KernelCall, SimdKernel } from '../kernel.js';

const SHORT = 16_384;

/** Permutes dimensions: as copies of rows where neighbours stay neighbours, and as transposed planes otherwise. */
export const transpose: SimdKernel = {
  kernelName: 'Transpose',
  run({ inputs: { x }, attrs: { perm }, backend }: KernelCall<{ x: tf.TensorInfo }, { perm: number[] }>) {
    if (!areFloats(x)) return undefined;
    const shape = perm.map((axis) => x.shape[axis]);
    const length = tf.util.sizeFromShape(shape);
    const [stepsOfX, stepsOfY] = [steps(x.shape), steps(shape)];
    const all = shape.map((size, i) => ({ size, from: stepsOfX[perm[i]], to: stepsOfY[i] }));
    const dimensions = merge(all);
    const last = dimensions.at(-1);
    const isPlane = last !== undefined && last.from !== 1;
    if (length === 0 || (isPlane ? dimensions.length > 4 : !isCopyable(dimensions))) return undefined;
    const from = backend.address(x);
    const y = backend.output(shape);
    if (!isPlane) copyBox(backend, { from, to: y.address }, dimensions);
    else {
      const rows = dimensions.find((dimension) => dimension.from === 1)!;
      const outer = dimensions.filter((dimension) => dimension !== rows && dimension !== last);
      while (outer.length < 2) outer.unshift({ size: 1, from: 0, to: 0 });
      const args = [
        ...[from, y.address, outer[0].size, outer[1].size, rows.size, last.size],
        ...[...outer, last].map((dimension) => 4 * dimension.from),
        ...[...outer, rows].map((dimension) => 4 * dimension.to),
      ];
      backend.threads.run('transposePlanes', args, { alone: length < SHORT });
    }
    return y;
  },
};
