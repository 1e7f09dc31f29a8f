const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** Input k of a model, by the formula of make.py. */
export function inputValues(shape: readonly number[], k: number): Float32Array {
  return Float32Array.from(
    { length: sizeOf(shape) },
    (_, i) => (Math.imul(i + 1 + 7919 * k, 2654435761 | 0) >>> 0) / 2 ** 32,
  );
}
