/** An IDX file (LeCun) of unsigned bytes. Default: all 0. */
export function idxFile(shape: readonly number[], byteAt?: (position: number) => number): Uint8Array {
  const head = 4 + 4 * shape.length;
  const bytes = new Uint8Array(head + shape.reduce((a, b) => a * b));
  bytes.set([0, 0, 8, shape.length]);
  shape.forEach((size, at) => new DataView(bytes.buffer).setUint32(4 + 4 * at, size));
  if (byteAt) for (let i = head; i < bytes.length; i++) bytes[i] = byteAt(i - head);
  return bytes;
}

/** A safetensors file by its definition: 8 bytes of length, a header of JSON, the arrays, here of zeros. */
export function safetensorsFile(shapes: Readonly<Record<string, readonly number[]>>): Uint8Array {
  let size = 0;
  const header = Object.entries(shapes).map(([name, shape]) => {
    const start = size;
    size += 4 * shape.reduce((a, b) => a * b);
    return [name, { dtype: 'F32', shape, data_offsets: [start, size] }];
  });
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const bytes = new Uint8Array(8 + text.length + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
