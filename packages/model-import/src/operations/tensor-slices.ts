import type * as tf from '@tensorflow/tfjs';
import type { AxisSlice } from '../operation-layers/slice-tensor.js';
import { configOf, isFullSlice, isKind, sliceIndices } from './operands.js';

/** More positions than an axis of images has. */
const MAX_POSITIONS = 2 ** 16;

/** What an index takes from each axis, with an ellipsis in full: one entry for each axis of the shape. */
function indexOfAxes(index: readonly unknown[], rank: number): unknown[] | undefined {
  const isEllipsis = (entry: unknown) => isKind(entry, '__ellipsis__');
  const position = index.findIndex(isEllipsis);
  const missing = rank - index.filter((entry) => !isEllipsis(entry)).length;
  if (missing < 0 || index.filter(isEllipsis).length > 1) return undefined;
  const full = Array.from({ length: missing }, () => FULL);
  if (position < 0) return [...index, ...full];
  return [...index.slice(0, position), ...full, ...index.slice(position + 1)];
}

const FULL = { class_name: '__slice__', config: {} };

/**
 * What an index of Python, as Keras 3 writes it, takes from each axis of a tensor; undefined if it takes from the batch, has no
 * positions, or is of another form.
 */
export function tensorSlices(index: unknown, shape: tf.Shape): AxisSlice[] | undefined {
  const entries = Array.isArray(index) ? indexOfAxes(index, shape.length) : undefined;
  if (!entries || !isFullSlice(entries[0])) return undefined;
  const slices = entries.flatMap((entry, axis) =>
    isFullSlice(entry) ? [] : [axisSlice(entry, shape[axis], axis)],
  );
  return slices.every((slice) => slice !== undefined) ? slices : undefined;
}

function axisSlice(entry: unknown, size: number | null, axis: number): AxisSlice | undefined {
  if (size === null || size > MAX_POSITIONS) return undefined;
  if (isKind(entry, '__slice__')) {
    const [start, second, ...others] = sliceIndices(configOf(entry), size);
    if (start === undefined) return undefined;
    const [step, count] = second === undefined ? [1, 1] : [second - start, 2 + others.length];
    return { axis, start, step, count, keepsAxis: true };
  }
  if (!Number.isInteger(entry) || (entry as number) < -size || (entry as number) >= size) return undefined;
  return { axis, start: ((entry as number) + size) % size, step: 1, count: 1, keepsAxis: false };
}
