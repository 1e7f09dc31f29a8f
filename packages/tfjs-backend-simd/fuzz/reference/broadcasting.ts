import { expect, sameShape, sizeOf, stridesOf, zeros, type Values } from './values.js';

/** The shape of two arrays after broadcasting, as in NumPy. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [sizeA, sizeB] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    expect(sizeA === sizeB || sizeA === 1 || sizeB === 1, `Shapes [${a}] and [${b}] do not broadcast`);
    return sizeA === 1 ? sizeB : sizeA;
  });
}

/** For each value of the broadcast `shape` the index of its source in an array of shape `from`. */
export function sourceIndices(from: readonly number[], shape: readonly number[]): Int32Array {
  const strides = stridesOf(from);
  const offset = shape.length - from.length;
  const sourceStrides = shape.map((_, i) => (i < offset || from[i - offset] === 1 ? 0 : strides[i - offset]));
  return stridedIndices(shape, sourceStrides);
}

/** The sums of coordinate times stride, plus `start`, for all coordinates of `shape` in row-major order. */
export function stridedIndices(shape: readonly number[], strides: readonly number[], start = 0): Int32Array {
  const indices = new Int32Array(sizeOf(shape));
  const coordinates = shape.map(() => 0);
  let index = start;
  for (let i = 0; i < indices.length; i++) {
    indices[i] = index;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index += strides[axis];
      if (++coordinates[axis] < shape[axis]) break;
      index -= strides[axis] * shape[axis];
      coordinates[axis] = 0;
    }
  }
  return indices;
}

/** The sums over the axes along which an array of this shape was broadcast: the adjoint of broadcasting. */
export function sumToShape(y: Values, shape: readonly number[]): Values {
  if (sameShape(y.shape, shape)) return y;
  const sums = zeros(shape);
  const indices = sourceIndices(shape, y.shape);
  for (let i = 0; i < indices.length; i++) sums.data[indices[i]] += y.data[i];
  return sums;
}
