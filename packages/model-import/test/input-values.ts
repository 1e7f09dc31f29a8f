const elementCount = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** The values of input `k` of a model: the same hash as in make.py, 0 to 1. */
export function inputValues(shape: readonly number[], k: number): Float32Array {
  return Float32Array.from(
    { length: elementCount(shape) },
    (_, i) => (Math.imul(i + 1 + 7919 * k, 2654435761 | 0) >>> 0) / 2 ** 32,
  );
}
