import * as tf from '@tensorflow/tfjs';
import { areFloats, type SimdBackend } from '../backend.js';
import { copyBox, isCopyable, merge, steps, type Dimension } from '../box.js';
import type { KernelCall, SimdKernel } from '../kernel.js';
import { floatBits } from '../threads.js';

type One<Attributes> = KernelCall<{ x: tf.TensorInfo }, Attributes>;

const { sizeFromShape } = tf.util;

interface Copy {
  x: tf.TensorInfo;
  shape: number[];
  dimensions: Dimension[];
  /** Where the copy begins, in values. */
  from?: number;
  to?: number;
  /** What lies around the copy. */
  around?: number;
  backend: SimdBackend;
}

/** A tensor that holds a copy of a box of `x`. */
function copied({
  x,
  shape,
  dimensions,
  from = 0,
  to = 0,
  around,
  backend,
}: Copy): tf.TensorInfo | undefined {
  const merged = merge(dimensions);
  const length = sizeFromShape(shape);
  if (!areFloats(x) || length === 0 || !isCopyable(merged)) return undefined;
  const address = backend.address(x);
  const y = backend.output(shape);
  if (around !== undefined)
    backend.threads.run('fill', [y.address, length, floatBits(around)], { alone: length < 65_536 });
  copyBox(backend, { from: address + 4 * from, to: y.address + 4 * to }, merged);
  return y;
}

const pad: SimdKernel = {
  kernelName: 'PadV2',
  run({ inputs: { x }, attrs, backend }: One<{ paddings: [number, number][]; constantValue: number }>) {
    const { paddings, constantValue } = attrs;
    if (sizeFromShape(x.shape) === 0) return undefined;
    const shape = x.shape.map((size, i) => paddings[i][0] + size + paddings[i][1]);
    const [stepsOfX, stepsOfY] = [steps(x.shape), steps(shape)];
    const dimensions = x.shape.map((size, i) => ({ size, from: stepsOfX[i], to: stepsOfY[i] }));
    const to = stepsOfY.reduce((sum, step, i) => sum + step * paddings[i][0], 0);
    return copied({ x, shape, dimensions, to, around: constantValue, backend });
  },
};

const slice: SimdKernel = {
  kernelName: 'Slice',
  run({ inputs: { x }, attrs, backend }: One<{ begin: number | number[]; size: number | number[] }>) {
    const [begin, shape] = tf.slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size);
    tf.slice_util.assertParamsValid(x as tf.Tensor, begin, shape);
    const [stepsOfX, stepsOfY] = [steps(x.shape), steps(shape)];
    const dimensions = shape.map((size, i) => ({ size, from: stepsOfX[i], to: stepsOfY[i] }));
    const from = stepsOfX.reduce((sum, step, i) => sum + step * begin[i], 0);
    return copied({ x, shape, dimensions, from, backend });
  },
};

const tile: SimdKernel = {
  kernelName: 'Tile',
  run({ inputs: { x }, attrs: { reps }, backend }: One<{ reps: number[] }>) {
    const shape = x.shape.map((size, i) => size * reps[i]);
    const [stepsOfX, stepsOfY] = [steps(x.shape), steps(shape)];
    const dimensions = x.shape.flatMap((size, i) => [
      { size: reps[i], from: 0, to: size * stepsOfY[i] },
      { size, from: stepsOfX[i], to: stepsOfY[i] },
    ]);
    return copied({ x, shape, dimensions, backend });
  },
};

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
    const widths = shapes.map((one) => sizeFromShape(one) / rows);
    const width = widths.reduce((sum, one) => sum + one, 0);
    const addresses = tensors.map((tensor) => backend.address(tensor));
    const y = backend.output(shape);
    let to = y.address;
    addresses.forEach((from, i) => {
      const dimensions = [
        { size: rows, from: widths[i], to: width },
        { size: widths[i], from: 1, to: 1 },
      ];
      copyBox(backend, { from, to }, merge(dimensions));
      to += 4 * widths[i];
    });
    return y;
  },
};

const gather: SimdKernel = {
  kernelName: 'GatherV2',
  run({
    inputs,
    attrs,
    backend,
  }: KernelCall<Record<'x' | 'indices', tf.TensorInfo>, { axis: number; batchDims: number }>) {
    const { x, indices } = inputs;
    const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0];
    const places = backend.data.get(indices.dataId).values as Int32Array;
    const isInside = (place: number) => place >= 0 && place < x.shape[axis];
    if (attrs.batchDims || !areFloats(x) || indices.dtype !== 'int32' || !places.every(isInside))
      return undefined;
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    const [outer, size] = [sizeFromShape(x.shape.slice(0, axis)), sizeFromShape(x.shape.slice(axis + 1))];
    if (sizeFromShape(shape) === 0) return undefined;
    const from = backend.address(x);
    const y = backend.output(shape);
    const { memory } = backend.threads;
    const [source, target] = [
      memory.floats(from, sizeFromShape(x.shape)),
      memory.floats(y.address, sizeFromShape(shape)),
    ];
    let to = 0;
    for (let i = 0; i < outer; i++)
      for (const place of places) {
        const start = (i * x.shape[axis] + place) * size;
        // A call for a few values costs more than the values.
        if (size > 16) target.set(source.subarray(start, start + size), to);
        else for (let j = 0; j < size; j++) target[to + j] = source[start + j];
        to += size;
      }
    return y;
  },
};

/** Parts of `x` along an axis, which their shapes may leave out. */
function parts(
  x: tf.TensorInfo,
  { axis, shapes, backend }: { axis: number; shapes: number[][]; backend: SimdBackend },
) {
  const inner = sizeFromShape(x.shape.slice(axis + 1));
  const rows = sizeFromShape(x.shape.slice(0, axis));
  const width = x.shape[axis] * inner;
  const address = backend.address(x);
  const results: (tf.TensorInfo & { address: number })[] = [];
  try {
    for (const shape of shapes) results.push(backend.output(shape));
  } catch (error) {
    for (const { dataId } of results) backend.disposeData(dataId);
    throw error;
  }
  let from = address;
  for (const { shape, address: to } of results) {
    const size = sizeFromShape(shape) / rows;
    const dimensions = [
      { size: rows, from: width, to: size },
      { size, from: 1, to: 1 },
    ];
    copyBox(backend, { from, to }, merge(dimensions));
    from += 4 * size;
  }
  return results;
}

const split: SimdKernel = {
  kernelName: 'SplitV',
  run({ inputs: { x }, attrs, backend }: One<{ numOrSizeSplits: number | number[]; axis: number }>) {
    if (!areFloats(x) || sizeFromShape(x.shape) === 0) return undefined;
    const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0];
    const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, attrs.numOrSizeSplits, axis);
    if (sizes.includes(0)) return undefined;
    const shapes = sizes.map((size) => x.shape.map((all, i) => (i === axis ? size : all)));
    return parts(x, { axis, shapes, backend });
  },
};

const unpack: SimdKernel = {
  kernelName: 'Unpack',
  run({ inputs: { value }, attrs, backend }: KernelCall<{ value: tf.TensorInfo }, { axis: number }>) {
    if (!areFloats(value) || sizeFromShape(value.shape) === 0) return undefined;
    const axis = attrs.axis < 0 ? attrs.axis + value.shape.length : attrs.axis;
    const shape = value.shape.filter((_, i) => i !== axis);
    const shapes = Array.from({ length: value.shape[axis] }, () => shape);
    return parts(value, { axis, shapes, backend });
  },
};

/** Kernels that move values and compute none. */
export const REARRANGEMENTS: readonly SimdKernel[] = [concat, gather, pad, slice, split, tile, unpack];
