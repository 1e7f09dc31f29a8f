import type { SimdBackend } from './backend.js';

/** A dimension of a box that is copied: how many, and the steps from one to the next in values. */
export interface Dimension {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/** Values from which handing a share to another thread pays. */
const SHORT = 65_536;

/** The steps of a dense tensor, in values. */
export function steps(shape: readonly number[]): number[] {
  const result = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) result[i] = result[i + 1] * shape[i + 1];
  return result;
}

/** Dimensions of size 1 left out, and those that follow each other in both places made one; outermost first. */
export function merge(dimensions: readonly Dimension[]): Dimension[] {
  const merged: Dimension[] = [];
  for (const dimension of dimensions) {
    if (dimension.size === 1) continue;
    const last = merged.at(-1);
    const follows =
      last && last.from === dimension.from * dimension.size && last.to === dimension.to * dimension.size;
    if (follows) merged[merged.length - 1] = { ...dimension, size: last.size * dimension.size };
    else merged.push(dimension);
  }
  return merged;
}

/** Whether a dimension can be a row: neighbours that stay neighbours, or one value that is repeated. */
const isRow = (dimension: Dimension | undefined): dimension is Dimension =>
  dimension !== undefined && dimension.to === 1 && dimension.from <= 1;

/** Whether `copyBox` takes it: rows in at most three outer dimensions. */
export const isCopyable = (dimensions: readonly Dimension[]): boolean =>
  dimensions.length <= (isRow(dimensions.at(-1)) ? 4 : 3);

/** Copies values; `dimensions` are merged and copyable. Addresses are those of the first value of each. */
export function copyBox(
  backend: SimdBackend,
  { from, to }: Record<'from' | 'to', number>,
  dimensions: readonly Dimension[],
) {
  const last = dimensions.at(-1);
  const outer = isRow(last) ? dimensions.slice(0, -1) : [...dimensions];
  while (outer.length < 3) outer.unshift({ size: 1, from: 0, to: 0 });
  const length = dimensions.reduce((product, { size }) => product * size, 1);
  const args = [
    ...[from, to],
    ...outer.map(({ size }) => size),
    isRow(last) ? last.size : 1,
    ...outer.map((dimension) => 4 * dimension.from),
    ...outer.map((dimension) => 4 * dimension.to),
    Number(isRow(last) && last.from === 0),
  ];
  backend.threads.run('copyBox', args, { alone: length < SHORT });
}
