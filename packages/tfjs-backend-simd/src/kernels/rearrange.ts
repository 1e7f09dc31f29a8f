import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import {
  denseStrides,
  dimensionsOf,
  isCopyable,
  mergeDimensions,
  stridedCopy,
  type StridedDimension,
} from '../strided-copy.js';
import { floatBits } from '../threads/float-bits.js';
import { MIN_PARALLEL_SIZE_CHEAP } from '../threads/parallel-size.js';

type UnaryCall<Attributes> = KernelCall<{ x: tf.TensorInfo }, Attributes>;

const { sizeFromShape } = tf.util;

interface Copy {
  x: tf.TensorInfo;
  shape: number[];
  dimensions: StridedDimension[];
  /** Offset of the first source value, in values. */
  sourceOffset?: number;
  /** Offset of the first target value, in values. */
  targetOffset?: number;
  /** The value of the padding. */
  padValue?: number;
  backend: SimdBackend;
}

/** A new tensor with a strided copy of `x`. */
function copyStrided(copy: Copy): tf.TensorInfo | undefined {
  const { x, shape, padValue, sourceOffset = 0, targetOffset = 0, backend } = copy;
  const dimensions = mergeDimensions(copy.dimensions);
  const length = sizeFromShape(shape);
  if (!areFloats(x) || length === 0 || !isCopyable(dimensions)) return undefined;
  const address = backend.address(x);
  const y = backend.output(shape);
  if (padValue !== undefined) {
    const args = [y.address, length, floatBits(padValue)];
    backend.threadPool.dispatch('fill', args, { serial: length < MIN_PARALLEL_SIZE_CHEAP });
  }
  const addresses = { source: address + 4 * sourceOffset, target: y.address + 4 * targetOffset };
  stridedCopy(backend, addresses, dimensions);
  return y;
}

const offsetOf = (strides: readonly number[], position: (axis: number) => number): number =>
  strides.reduce((sum, stride, axis) => sum + stride * position(axis), 0);

const pad: SimdKernel = {
  kernelName: 'PadV2',
  run({ inputs: { x }, attrs, backend }: UnaryCall<{ paddings: [number, number][]; constantValue: number }>) {
    const { paddings, constantValue } = attrs;
    // TensorFlow.js does not check them, and the cpu backend moves values to other rows.
    if (paddings.flat().some((count) => !(Number.isInteger(count) && count >= 0)))
      throw new Error(
        `Expected paddings that are integers of at least 0, got ${JSON.stringify(paddings)}: crop with tf.slice`,
      );
    if (sizeFromShape(x.shape) === 0) return undefined;
    const shape = x.shape.map((size, i) => paddings[i][0] + size + paddings[i][1]);
    const [xStrides, yStrides] = [denseStrides(x.shape), denseStrides(shape)];
    const dimensions = dimensionsOf(x.shape, xStrides, yStrides);
    const targetOffset = offsetOf(yStrides, (axis) => paddings[axis][0]);
    return copyStrided({ x, shape, dimensions, targetOffset, padValue: constantValue, backend });
  },
};

const slice: SimdKernel = {
  kernelName: 'Slice',
  run({ inputs: { x }, attrs, backend }: UnaryCall<{ begin: number | number[]; size: number | number[] }>) {
    const [begin, shape] = tf.slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size);
    tf.slice_util.assertParamsValid(x as tf.Tensor, begin, shape);
    // TensorFlow.js checks only that none is -1.
    if (begin.some((index) => !(Number.isInteger(index) && index >= 0)))
      throw new Error(`Expected begin of a slice to hold integers of at least 0, got [${begin}]`);
    const [xStrides, yStrides] = [denseStrides(x.shape), denseStrides(shape)];
    const dimensions = dimensionsOf(shape, xStrides, yStrides);
    const sourceOffset = offsetOf(xStrides, (axis) => begin[axis]);
    return copyStrided({ x, shape, dimensions, sourceOffset, backend });
  },
};

const tile: SimdKernel = {
  kernelName: 'Tile',
  run({ inputs: { x }, attrs: { reps }, backend }: UnaryCall<{ reps: number[] }>) {
    const shape = x.shape.map((size, i) => size * reps[i]);
    const [xStrides, yStrides] = [denseStrides(x.shape), denseStrides(shape)];
    const dimensions = x.shape.flatMap((size, i) => [
      { size: reps[i], sourceStride: 0, targetStride: size * yStrides[i] },
      { size, sourceStride: xStrides[i], targetStride: yStrides[i] },
    ]);
    return copyStrided({ x, shape, dimensions, backend });
  },
};

/** Copies `rows` rows of `size` values; the strides are those of a row. */
function copyRows(
  backend: SimdBackend,
  addresses: { source: number; target: number },
  { rows, size, sourceStride, targetStride }: StridedDimension & { rows: number },
): void {
  const dimensions = [
    { size: rows, sourceStride, targetStride },
    { size, sourceStride: 1, targetStride: 1 },
  ];
  stridedCopy(backend, addresses, mergeDimensions(dimensions));
}

const concat: SimdKernel = {
  kernelName: 'Concat',
  run({ inputs, attrs, backend }: KernelCall<tf.TensorInfo[], { axis: number }>) {
    const axis = tf.util.parseAxisParam(attrs.axis, inputs[0].shape)[0];
    const tensors = inputs.filter(({ shape }) => sizeFromShape(shape) > 0);
    if (tensors.length < 2 || !areFloats(...tensors)) return undefined;
    const shapes = tensors.map(({ shape }) => shape);
    tf.backend_util.assertParamsConsistent(shapes, axis);
    const shape = tf.backend_util.computeOutShape(shapes, axis);
    const rows = sizeFromShape(shape.slice(0, axis));
    const sizes = shapes.map((shape) => sizeFromShape(shape) / rows);
    const rowSize = sizes.reduce((sum, size) => sum + size, 0);
    const addresses = tensors.map((tensor) => backend.address(tensor));
    const y = backend.output(shape);
    let target = y.address;
    addresses.forEach((source, i) => {
      const size = sizes[i];
      copyRows(backend, { source, target }, { rows, size, sourceStride: size, targetStride: rowSize });
      target += 4 * size;
    });
    return y;
  },
};

/** Shorter runs of values are copied one by one: a call costs more. */
const MIN_SUBARRAY_SIZE = 17;

const gather: SimdKernel = {
  kernelName: 'GatherV2',
  run({
    inputs,
    attrs,
    backend,
  }: KernelCall<Record<'x' | 'indices', tf.TensorInfo>, { axis: number; batchDims: number }>) {
    const { x, indices } = inputs;
    const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0];
    const axisSize = x.shape[axis];
    const indexValues = backend.data.get(indices.dataId).values as Int32Array;
    const isInRange = (index: number) => index >= 0 && index < axisSize;
    if (attrs.batchDims || !areFloats(x)) return undefined;
    if (indices.dtype !== 'int32' || !indexValues.every(isInRange)) return undefined;
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    const [outer, size] = [sizeFromShape(x.shape.slice(0, axis)), sizeFromShape(x.shape.slice(axis + 1))];
    if (sizeFromShape(shape) === 0) return undefined;
    const xAddress = backend.address(x);
    const y = backend.output(shape);
    const { memory } = backend.threadPool;
    const source = memory.floats(xAddress, sizeFromShape(x.shape));
    const target = memory.floats(y.address, sizeFromShape(shape));
    let targetStart = 0;
    for (let i = 0; i < outer; i++)
      for (const index of indexValues) {
        const start = (i * axisSize + index) * size;
        if (size >= MIN_SUBARRAY_SIZE) target.set(source.subarray(start, start + size), targetStart);
        else for (let j = 0; j < size; j++) target[targetStart + j] = source[start + j];
        targetStart += size;
      }
    return y;
  },
};

type Output = tf.TensorInfo & { address: number };

/** Allocates tensors; none if memory runs out. */
function outputs(backend: SimdBackend, shapes: readonly number[][]): Output[] {
  const allocated: Output[] = [];
  try {
    for (const shape of shapes) allocated.push(backend.output(shape));
    return allocated;
  } catch (error) {
    for (const { dataId } of allocated) backend.disposeData(dataId);
    throw error;
  }
}

/** Splits `x` along an axis; the shapes may omit that axis (Unpack). */
function splitAlong(
  x: tf.TensorInfo,
  { axis, shapes, backend }: { axis: number; shapes: number[][]; backend: SimdBackend },
): tf.TensorInfo[] {
  const rows = sizeFromShape(x.shape.slice(0, axis));
  const rowSize = x.shape[axis] * sizeFromShape(x.shape.slice(axis + 1));
  let source = backend.address(x);
  const results = outputs(backend, shapes);
  for (const { shape, address: target } of results) {
    const size = sizeFromShape(shape) / rows;
    copyRows(backend, { source, target }, { rows, size, sourceStride: rowSize, targetStride: size });
    source += 4 * size;
  }
  return results;
}

const split: SimdKernel = {
  kernelName: 'SplitV',
  run({ inputs: { x }, attrs, backend }: UnaryCall<{ numOrSizeSplits: number | number[]; axis: number }>) {
    if (!areFloats(x) || sizeFromShape(x.shape) === 0) return undefined;
    const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0];
    const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, attrs.numOrSizeSplits, axis);
    if (sizes.includes(0)) return undefined;
    const shapes = sizes.map((size) => x.shape.map((axisSize, i) => (i === axis ? size : axisSize)));
    return splitAlong(x, { axis, shapes, backend });
  },
};

const unpack: SimdKernel = {
  kernelName: 'Unpack',
  run({ inputs: { value }, attrs, backend }: KernelCall<{ value: tf.TensorInfo }, { axis: number }>) {
    if (!areFloats(value) || sizeFromShape(value.shape) === 0) return undefined;
    const axis = attrs.axis < 0 ? attrs.axis + value.shape.length : attrs.axis;
    const shape = value.shape.filter((_, i) => i !== axis);
    const shapes = Array.from({ length: value.shape[axis] }, () => shape);
    return splitAlong(value, { axis, shapes, backend });
  },
};

/** Kernels that only move values. */
export const REARRANGEMENTS: readonly SimdKernel[] = [concat, gather, pad, slice, split, tile, unpack];
