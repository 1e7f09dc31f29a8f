const buffer = new ArrayBuffer(4);
const floatView = new Float32Array(buffer);
const integerView = new Int32Array(buffer);

/** The bits of a float32 as an integer, to pass a float as an argument of a kernel. */
export function floatBits(value: number): number {
  floatView[0] = value;
  return integerView[0];
}
