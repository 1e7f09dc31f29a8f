let scratch = new Float32Array(0);

/** A copy of the values in a buffer that the next call reuses. */
export function scratchCopy(values: Float32Array): Float32Array {
  if (scratch.length < values.length) scratch = new Float32Array(values.length);
  scratch.set(values);
  return scratch;
}
