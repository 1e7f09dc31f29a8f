import type { SimdBackend } from './backend.js';
import { MIN_PARALLEL_SIZE_CHEAP } from './threads/parallel-size.js';

/** A dimension of a strided copy: its size, and the source and target strides in values. */
export interface StridedDimension {
  readonly size: number;
  readonly sourceStride: number;
  readonly targetStride: number;
}

/** The addresses of the first value of the source and of the target. */
interface CopyAddresses {
  readonly source: number;
  readonly target: number;
}

/** The strides of a dense tensor, in values. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

type Strides = readonly number[];

/** The dimensions of a copy with the same axes in source and target. */
export function dimensionsOf(shape: readonly number[], source: Strides, target: Strides): StridedDimension[] {
  return shape.map((size, i) => ({ size, sourceStride: source[i], targetStride: target[i] }));
}

/**
 * Drops dimensions of size 1, and merges neighboring dimensions that are contiguous in source and target.
 * Outermost first.
 */
export function mergeDimensions(dimensions: readonly StridedDimension[]): StridedDimension[] {
  const merged: StridedDimension[] = [];
  for (const dimension of dimensions) {
    if (dimension.size === 1) continue;
    const last = merged.at(-1);
    const isContiguous =
      last &&
      last.sourceStride === dimension.sourceStride * dimension.size &&
      last.targetStride === dimension.targetStride * dimension.size;
    if (isContiguous) merged[merged.length - 1] = { ...dimension, size: last.size * dimension.size };
    else merged.push(dimension);
  }
  return merged;
}

/**
 * Whether the innermost dimension can be copied as a row: contiguous in both, or one value repeated (source
 * stride 0).
 */
const isRow = (dimension: StridedDimension | undefined): dimension is StridedDimension =>
  dimension !== undefined && dimension.targetStride === 1 && dimension.sourceStride <= 1;

/** Whether `stridedCopy` supports these dimensions: rows in at most three outer dimensions. */
export const isCopyable = (dimensions: readonly StridedDimension[]): boolean =>
  dimensions.length <= (isRow(dimensions.at(-1)) ? 4 : 3);

/** Copies values with strides; `dimensions` are merged and copyable. */
export function stridedCopy(
  backend: SimdBackend,
  { source, target }: CopyAddresses,
  dimensions: readonly StridedDimension[],
): void {
  const last = dimensions.at(-1);
  const outer = isRow(last) ? dimensions.slice(0, -1) : [...dimensions];
  while (outer.length < 3) outer.unshift({ size: 1, sourceStride: 0, targetStride: 0 });
  const length = dimensions.reduce((product, { size }) => product * size, 1);
  const args = [
    source,
    target,
    ...outer.map(({ size }) => size),
    isRow(last) ? last.size : 1,
    ...outer.map(({ sourceStride }) => 4 * sourceStride),
    ...outer.map(({ targetStride }) => 4 * targetStride),
    Number(isRow(last) && last.sourceStride === 0),
  ];
  backend.threadPool.dispatch('stridedCopy', args, { serial: length < MIN_PARALLEL_SIZE_CHEAP });
}
