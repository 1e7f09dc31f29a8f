import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads/float-bits.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';

/**
 * Values of a segment, which one thread reduces. Segments depend on the shape only, so that sums do not
 * depend on the number of threads.
 */
const SEGMENT_SIZE = 8192;

const { sizeFromShape } = tf.util;

interface Attributes {
  axis?: number | number[];
  reductionIndices?: number | number[];
  keepDims: boolean;
}

/** The end of the names of the kernels. */
type ReduceOp = 'Max' | 'Min' | 'Sum';

interface Reduction {
  x: tf.TensorInfo;
  /** Ascending. */
  axes: readonly number[];
  keepDims: boolean;
  op: ReduceOp;
  mean: boolean;
  backend: SimdBackend;
}

/** A shape as [outer][count][inner] with `count` reduced. */
interface MergedShape {
  outer: number;
  count: number;
  inner: number;
}

/** undefined where the reduced axes are not contiguous. */
function mergeReducedAxes(shape: readonly number[], axes: readonly number[]): MergedShape | undefined {
  const isReduced = shape.map((size, i) => axes.includes(i) || size === 1);
  const first = axes.find((axis) => shape[axis] !== 1) ?? 0;
  const last = axes.findLast((axis) => shape[axis] !== 1) ?? -1;
  if (!isReduced.slice(first, last + 1).every(Boolean)) return undefined;
  return {
    outer: sizeFromShape(shape.slice(0, first)),
    count: sizeFromShape(shape.slice(first, last + 1)),
    inner: sizeFromShape(shape.slice(last + 1)),
  };
}

function reducedShape(shape: readonly number[], { axes, keepDims }: Pick<Reduction, 'axes' | 'keepDims'>) {
  const reduced = keepDims ? [1] : [];
  return shape.flatMap((size, i) => (axes.includes(i) ? reduced : [size]));
}

function reduce(reduction: Reduction): tf.TensorInfo {
  const merged = mergeReducedAxes(reduction.x.shape, reduction.axes);
  if (!merged) return reduceInTwoSteps(reduction);
  return merged.inner === 1 ? reduceRows(reduction, merged) : reduceColumns(reduction, merged);
}

/** Non-contiguous axes: reduces the last group of contiguous axes first, then the others. */
function reduceInTwoSteps(reduction: Reduction): tf.TensorInfo {
  const { x, axes, backend } = reduction;
  const lastGroup = axes.findLastIndex((axis, i) => axis - axes[i - 1] !== 1);
  const intermediate = reduce({ ...reduction, axes: axes.slice(lastGroup), keepDims: true });
  try {
    const remaining = axes.slice(0, lastGroup);
    const result = reduce({ ...reduction, x: intermediate, axes: remaining, keepDims: true });
    return { ...result, shape: reducedShape(x.shape, reduction) };
  } finally {
    backend.disposeData(intermediate.dataId);
  }
}

/** The result of no values, as in TensorFlow. The cpu backend gives NaN for Max and Min. */
const RESULT_OF_NOTHING: Record<ReduceOp, number> = { Max: -Infinity, Min: Infinity, Sum: 0 };

function reduceNothing(reduction: Reduction): tf.TensorInfo {
  const { x, op, mean, backend } = reduction;
  const y = backend.output(reducedShape(x.shape, reduction));
  const value = mean ? NaN : RESULT_OF_NOTHING[op];
  backend.threadPool.dispatch('fill', [y.address, sizeFromShape(y.shape), floatBits(value)], {
    serial: true,
  });
  return y;
}

const isSerial = (size: number) => ({ serial: size < MIN_PARALLEL_SIZE });

/** Reduces the rows of [outer][count]: each row in segments, then the results of the segments. */
function reduceRows(reduction: Reduction, { outer, count }: MergedShape): tf.TensorInfo {
  const { x, op, mean, backend } = reduction;
  const { threadPool } = backend;
  const kernel = `reduceRows${op}`;
  const shape = reducedShape(x.shape, reduction);
  const segments = Math.ceil(count / SEGMENT_SIZE);
  const divisor = floatBits(mean ? count : 1);
  const options = isSerial(sizeFromShape(x.shape));
  const source = backend.address(x);
  if (segments === 1) {
    const y = backend.output(shape);
    threadPool.dispatch(kernel, [source, y.address, outer, count, SEGMENT_SIZE, divisor], options);
    return y;
  }
  return backend.withScratch(4 * outer * segments, (partial) => {
    const y = backend.output(shape);
    threadPool.dispatch(kernel, [source, partial, outer, count, SEGMENT_SIZE, floatBits(1)], options);
    const combineArgs = [partial, y.address, outer, segments, segments, divisor];
    threadPool.dispatch(kernel, combineArgs, isSerial(outer * segments));
    return y;
  });
}

/** Reduces the columns of [outer][count][inner]: in segments of rows, then the results of the segments. */
function reduceColumns(reduction: Reduction, { outer, count, inner }: MergedShape): tf.TensorInfo {
  const { x, op, mean, backend } = reduction;
  const { threadPool } = backend;
  const segmentRows = Math.max(32, Math.min(256, Math.ceil(SEGMENT_SIZE / inner)));
  const segments = Math.ceil(count / segmentRows);
  const divisor = floatBits(mean ? count : 1);
  const source = backend.address(x);
  return backend.withScratch(4 * outer * segments * Math.ceil(inner / 4) * 4, (partial) => {
    const y = backend.output(reducedShape(x.shape, reduction));
    const reduceArgs = [source, partial, outer, count, inner, segmentRows];
    threadPool.dispatch(`reduceColumns${op}`, reduceArgs, isSerial(sizeFromShape(x.shape)));
    const combineArgs = [partial, y.address, outer, segments, inner, divisor];
    threadPool.dispatch(`combineColumns${op}`, combineArgs, isSerial(outer * segments * inner));
    return y;
  });
}

const reduction = (kernelName: string, op: ReduceOp, { mean = false } = {}): SimdKernel => ({
  kernelName,
  run({ inputs: { x }, attrs, backend }: KernelCall<{ x: tf.TensorInfo }, Attributes>) {
    if (!areFloats(x)) return undefined;
    const axes = tf.util.parseAxisParam((attrs.axis ?? attrs.reductionIndices)!, x.shape);
    axes.sort((a, b) => a - b);
    const reduction = { x, axes, keepDims: attrs.keepDims, op, mean, backend };
    return sizeFromShape(x.shape) === 0 ? reduceNothing(reduction) : reduce(reduction);
  },
});

/** Reductions. Max and Min propagate NaN. */
export const REDUCTIONS: readonly SimdKernel[] = [
  reduction('Max', 'Max'),
  reduction('Mean', 'Sum', { mean: true }),
  reduction('Min', 'Min'),
  reduction('Sum', 'Sum'),
];
