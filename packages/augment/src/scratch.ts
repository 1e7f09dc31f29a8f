let scratch = new Float32Array(0);

/** The values in a buffer that the next call uses again: what is in it lasts until then. */
export function scratchCopy(values: Float32Array): Float32Array {
  if (scratch.length < values.length) scratch = new Float32Array(values.length);
  scratch.set(values);
  return scratch;
}
