/** An array of float64 values, row-major. */
export interface NdArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** Seeded values (Park and Miller, 1988) that differ by at least 1/20 of their mean distance, in random order. */
export function randomArray(shape: readonly number[], seed: number, low = -1, high = 1): NdArray {
  let state = seed * 7919 + 1;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const order = Array.from({ length: sizeOf(shape) }, (_, i) => ({ i, key: next() }));
  order.sort((a, b) => a.key - b.key);
  const values = new Float64Array(order.length);
  order.forEach(({ i }, rank) => {
    // As a float32, so that a tensor holds the same value.
    values[i] = Math.fround(low + ((high - low) * (rank + 0.025 + 0.95 * next() * 0.95)) / order.length);
  });
  return { shape, values };
}

export const arrayOf = (values: readonly number[], shape: readonly number[] = [values.length]): NdArray => ({
  shape,
  values: Float64Array.from(values),
});

/** All indices of an array, in row-major order. */
export function* indicesOf(shape: readonly number[]): Generator<number[]> {
  const index = shape.map(() => 0);
  for (let i = 0; i < sizeOf(shape); i++) {
    yield [...index];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
}

export function build(shape: readonly number[], valueAt: (index: number[]) => number): NdArray {
  return { shape, values: Float64Array.from([...indicesOf(shape)], valueAt) };
}

/** The value at an index; undefined outside of the array. */
export function at({ shape, values }: NdArray, index: readonly number[]): number | undefined {
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    if (!(index[axis] >= 0 && index[axis] < shape[axis])) return undefined;
    offset = offset * shape[axis] + index[axis];
  }
  return values[offset];
}

/** The value that an array broadcast to the rank of an index has there. */
export const broadcastAt = (x: NdArray, index: readonly number[]): number =>
  at(
    x,
    x.shape.map((size, i) => (size === 1 ? 0 : index[index.length - x.shape.length + i])),
  )!;

export const broadcastShape = (a: NdArray, b: NdArray): number[] => {
  const rank = Math.max(a.shape.length, b.shape.length);
  const size = ({ shape }: NdArray, i: number) => shape[shape.length - rank + i] ?? 1;
  return Array.from({ length: rank }, (_, i) => Math.max(size(a, i), size(b, i)));
};
