import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads.js';

const SHORT = 16_384;
/** Values of a chunk, whose sum one thread makes. By shape alone, so that sums do not depend on the number of threads. */
const CHUNK = 8192;

interface Attributes {
  axis?: number | number[];
  reductionIndices?: number | number[];
  keepDims: boolean;
}

/** Neighbouring dimensions that are all reduced or all kept, as one. */
function asOneMiddle(shape: readonly number[], axes: readonly number[]) {
  const isReduced = shape.map((size, i) => axes.includes(i) || size === 1);
  const [first, last] = [
    axes.find((axis) => shape[axis] !== 1) ?? 0,
    axes.findLast((axis) => shape[axis] !== 1) ?? -1,
  ];
  if (!isReduced.slice(first, last + 1).every(Boolean)) return undefined;
  const { sizeFromShape } = tf.util;
  return {
    outer: sizeFromShape(shape.slice(0, first)),
    count: sizeFromShape(shape.slice(first, last + 1)),
    inner: sizeFromShape(shape.slice(last + 1)),
  };
}

interface Reduction {
  x: tf.TensorInfo;
  /** Ascending. */
  axes: readonly number[];
  keepDims: boolean;
  join: string;
  mean: boolean;
  backend: SimdBackend;
}

function reduce({ x, axes, keepDims, join, mean, backend }: Reduction): tf.TensorInfo {
  const parts = asOneMiddle(x.shape, axes);
  if (!parts) {
    // Axes that are apart: the last of them first.
    const last = axes.findLastIndex((axis, i) => axis - axes[i - 1] !== 1);
    const options = { join, mean, backend };
    const between = reduce({ x, axes: axes.slice(last), keepDims: true, ...options });
    try {
      const rest = reduce({ x: between, axes: axes.slice(0, last), keepDims: true, ...options });
      return { ...rest, shape: reducedShape(x.shape, { axes, keepDims }) };
    } finally {
      backend.disposeData(between.dataId);
    }
  }
  const { outer, count, inner } = parts;
  const shape = reducedShape(x.shape, { axes, keepDims });
  const divisor = floatBits(mean ? count : 1);
  const alone = tf.util.sizeFromShape(x.shape) < SHORT;
  const from = backend.address(x);
  const { threads } = backend;
  if (inner === 1) {
    const chunks = Math.ceil(count / CHUNK);
    const rows = `rows${join}`;
    if (chunks === 1) {
      const y = backend.output(shape);
      threads.run(rows, [from, y.address, outer, count, CHUNK, divisor], { alone });
      return y;
    }
    return backend.scratch(4 * outer * chunks, (partial) => {
      const y = backend.output(shape);
      const isShort = outer * chunks < SHORT;
      threads.run(rows, [from, partial, outer, count, CHUNK, floatBits(1)], { alone });
      threads.run(rows, [partial, y.address, outer, chunks, chunks, divisor], { alone: isShort });
      return y;
    });
  }
  const size = Math.max(32, Math.min(256, Math.ceil(CHUNK / inner)));
  const chunks = Math.ceil(count / size);
  return backend.scratch(4 * outer * chunks * Math.ceil(inner / 4) * 4, (partial) => {
    const y = backend.output(shape);
    const isShort = outer * chunks * inner < SHORT;
    threads.run(`columns${join}`, [from, partial, outer, count, inner, size], { alone });
    threads.run(`joinColumns${join}`, [partial, y.address, outer, chunks, inner, divisor], {
      alone: isShort,
    });
    return y;
  });
}

const reducedShape = (shape: readonly number[], { axes, keepDims }: Pick<Reduction, 'axes' | 'keepDims'>) =>
  shape.flatMap((size, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [size]));

const reduction = (
  kernelName: string,
  { join, mean = false }: { join: string; mean?: boolean },
): SimdKernel => ({
  kernelName,
  run({ inputs: { x }, attrs, backend }: KernelCall<{ x: tf.TensorInfo }, Attributes>) {
    if (!areFloats(x) || tf.util.sizeFromShape(x.shape) === 0) return undefined;
    const axes = tf.util.parseAxisParam((attrs.axis ?? attrs.reductionIndices)!, x.shape);
    return reduce({ x, axes: axes.sort((a, b) => a - b), keepDims: attrs.keepDims, join, mean, backend });
  },
});

/** Reductions; NaN makes the largest and the smallest NaN. */
export const REDUCTIONS: readonly SimdKernel[] = [
  reduction('Max', { join: 'Max' }),
  reduction('Mean', { join: 'Sum', mean: true }),
  reduction('Min', { join: 'Min' }),
  reduction('Sum', { join: 'Sum' }),
];
