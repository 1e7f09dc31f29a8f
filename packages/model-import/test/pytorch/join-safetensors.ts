/**
 * A safetensors file by its definition: the length of the header in 8 bytes, the JSON header, and the data.
 */
export function joinSafetensors(header: object, data: ArrayLike<number> = []): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
