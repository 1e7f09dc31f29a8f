import { sourceIndices, stridedIndices } from './broadcasting.js';
import { expect, reshaped, sizeOf, stridesOf, valuesOf, zeros, type Result, type Values } from './values.js';

/*
 * Operations that move values: each value of the result is one value of the input, or a constant. They are exact.
 */

/** Result value i is value `sources[i]` of x, or `fill` where that is negative. The adjoint adds up what was copied. */
export function rearranged(x: Values, shape: readonly number[], sources: Int32Array, fill = 0): Result {
  const data = Float64Array.from(sources, (source) => (source < 0 ? fill : x.data[source]));
  return {
    value: valuesOf(shape, data, x.dtype),
    precision: 'exact',
    gradient: (dy) => {
      const dx = zeros(x.shape);
      const counts = new Uint32Array(dx.data.length);
      for (let i = 0; i < sources.length; i++)
        if (sources[i] >= 0) {
          dx.data[sources[i]] += dy.data[i];
          counts[sources[i]]++;
        }
      return [{ value: dx, precision: counts.some((count) => count > 1) ? 'rounded' : 'exact' }];
    },
  };
}

export const reshape = (x: Values, shape: readonly number[]): Result => ({
  value: reshaped(x, shape),
  precision: 'exact',
  gradient: (dy) => [{ value: reshaped(dy, x.shape), precision: 'exact' }],
});

export function transpose(x: Values, permutation: readonly number[]): Result {
  const strides = stridesOf(x.shape);
  const shape = permutation.map((axis) => x.shape[axis]);
  return rearranged(
    x,
    shape,
    stridedIndices(
      shape,
      permutation.map((axis) => strides[axis]),
    ),
  );
}

/** A box of `size` from `begin`, every `step`-th value of each axis. */
export function slice(
  x: Values,
  begin: readonly number[],
  size: readonly number[],
  step = begin.map(() => 1),
): Result {
  const strides = stridesOf(x.shape);
  const isInside = begin.every((start, i) => {
    const last = start + (size[i] - 1) * step[i];
    return (
      start >= 0 && size[i] >= 0 && (size[i] === 0 || (last >= 0 && last < x.shape[i] && start < x.shape[i]))
    );
  });
  expect(isInside, `A slice at [${begin}] of [${size}] is not inside [${x.shape}]`);
  const start = begin.reduce((sum, coordinate, i) => sum + coordinate * strides[i], 0);
  return rearranged(
    x,
    size,
    stridedIndices(
      size,
      strides.map((stride, i) => stride * step[i]),
      start,
    ),
  );
}

/** The coordinate inside the array of each coordinate of a padded axis; -1 for a constant. */
type PadMode = 'constant' | 'reflect' | 'symmetric';

function paddedCoordinate(coordinate: number, size: number, mode: PadMode): number {
  if (coordinate >= 0 && coordinate < size) return coordinate;
  if (mode === 'constant') return -1;
  const edge = mode === 'reflect' ? 0 : 1;
  return coordinate < 0 ? -coordinate - edge : 2 * size - 2 - coordinate + edge;
}

/** Padded by [before, after] values per axis. */
export function pad(
  x: Values,
  paddings: readonly (readonly [number, number])[],
  { mode = 'constant', fill = 0 }: { mode?: PadMode; fill?: number } = {},
): Result {
  const shape = x.shape.map((size, i) => size + paddings[i][0] + paddings[i][1]);
  expect(
    mode === 'constant' ||
      x.shape.every((size, i) => Math.max(...paddings[i]) <= size - Number(mode === 'reflect')),
    'A mirror pad is wider than the array',
  );
  const strides = stridesOf(x.shape);
  const outStrides = stridesOf(shape);
  const sources = Int32Array.from({ length: sizeOf(shape) }, (_, i) => {
    let source = 0;
    for (let axis = 0; axis < shape.length && source >= 0; axis++) {
      const coordinate = (Math.floor(i / outStrides[axis]) % shape[axis]) - paddings[axis][0];
      const inside = paddedCoordinate(coordinate, x.shape[axis], mode);
      source = inside < 0 ? -1 : source + inside * strides[axis];
    }
    return source;
  });
  return rearranged(x, shape, sources, fill);
}

/** Several arrays joined along an axis. */
export function concat(inputs: readonly Values[], axis: number): Result {
  const [first] = inputs;
  const sizes = inputs.map(({ shape }) => shape[axis]);
  expect(
    inputs.every(
      ({ shape }) =>
        shape.length === first.shape.length &&
        shape.every((size, i) => i === axis || size === first.shape[i]),
    ),
    'The arrays to join differ in another axis',
  );
  const shape = first.shape.map((size, i) => (i === axis ? sizes.reduce((a, b) => a + b, 0) : size));
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
  const strides = stridesOf(shape);
  const value = zeros(shape, first.dtype);
  const targets = inputs.map((x, i) => stridedIndices(x.shape, strides, starts[i] * strides[axis]));
  inputs.forEach((x, i) => targets[i].forEach((target, at) => (value.data[target] = x.data[at])));
  return {
    value,
    precision: 'exact',
    gradient: (dy) =>
      inputs.map((x, i) => ({
        value: valuesOf(
          x.shape,
          Float64Array.from(targets[i], (target) => dy.data[target]),
        ),
        precision: 'exact' as const,
      })),
  };
}

export function tile(x: Values, reps: readonly number[]): Result {
  const shape = x.shape.map((size, i) => size * reps[i]);
  const [strides, outStrides] = [stridesOf(x.shape), stridesOf(shape)];
  const sources = Int32Array.from({ length: sizeOf(shape) }, (_, i) =>
    shape.reduce(
      (sum, size, axis) => sum + ((Math.floor(i / outStrides[axis]) % size) % x.shape[axis]) * strides[axis],
      0,
    ),
  );
  return rearranged(x, shape, sources);
}

export const broadcastTo = (x: Values, shape: readonly number[]): Result =>
  rearranged(x, shape, sourceIndices(x.shape, shape));

/** The entries `indices` of an axis; the axis takes the shape of the indices. */
export function gather(x: Values, indices: Values, axis: number): Result {
  const strides = stridesOf(x.shape);
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const inner = sizeOf(x.shape.slice(axis + 1));
  const count = sizeOf(indices.shape);
  expect(
    indices.data.every((index) => index >= 0 && index < x.shape[axis]),
    'An index is out of range',
  );
  const sources = Int32Array.from({ length: sizeOf(shape) }, (_, i) => {
    const [outer, rest] = [Math.floor(i / (count * inner)), i % (count * inner)];
    const index = indices.data[Math.floor(rest / inner)];
    return outer * x.shape[axis] * inner + index * strides[axis] + (rest % inner);
  });
  return rearranged(x, shape, sources);
}

export function reverse(x: Values, axes: readonly number[]): Result {
  const strides = stridesOf(x.shape);
  const start = axes.reduce((sum, axis) => sum + Math.max(0, x.shape[axis] - 1) * strides[axis], 0);
  const signed = strides.map((stride, i) => (axes.includes(i) ? -stride : stride));
  return rearranged(x, x.shape, stridedIndices(x.shape, signed, start));
}
