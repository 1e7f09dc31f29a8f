import { InputError } from '@convlens/core';
import { half } from './hdf5/values.js';

/** A named array of a safetensors file, row-major. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const BYTES: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};
const LARGEST_HEADER = 2 ** 26;

/**
 * Reads a safetensors file: 8 bytes of length, a JSON header, arrays one after the other. Strict: each array must lie
 * within the file, be as long as its shape says, and share no byte with another. Numbers become float32.
 */
export function readSafetensors(
  bytes: Uint8Array,
  { name: file = 'the file' }: { name?: string } = {},
): Map<string, NamedTensor> {
  const fail = (what: string): never => {
    throw new InputError(`Expected ${file} to be a safetensors file, found ${what}`);
  };
  if (bytes.length < 8) fail(`${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > LARGEST_HEADER || 8 + length > bytes.length)
    fail(`a header of ${length} bytes in a file of ${bytes.length}`);
  let header: Record<string, unknown> = {};
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch (error) {
    fail(`a header that is not JSON: ${(error as Error).message}`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    fail('a header that is no object');
  const start = 8 + length;
  const taken: [number, number][] = [];
  const tensors = new Map<string, NamedTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: offsets } = Object(entry) as Record<string, unknown>;
    const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
    if (typeof dtype !== 'string' || !Object.hasOwn(BYTES, dtype))
      fail(
        `${JSON.stringify(name)} of type ${JSON.stringify(dtype)}; known are ${Object.keys(BYTES).join(', ')}`,
      );
    if (
      !Array.isArray(shape) ||
      !shape.every(isCount) ||
      !Array.isArray(offsets) ||
      offsets.length !== 2 ||
      !offsets.every(isCount)
    )
      fail(`${JSON.stringify(name)} without a shape and two offsets`);
    const [from, to] = offsets as [number, number];
    const size = (shape as number[]).reduce((product, n) => product * n, BYTES[dtype as string]);
    if (to - from !== size || start + to > bytes.length)
      fail(
        `${JSON.stringify(name)} of shape ${(shape as number[]).join(' x ')} at bytes ${from} to ${to} of ${bytes.length - start}`,
      );
    taken.push([from, to]);
    const part = new DataView(view.buffer, view.byteOffset + start + from, size);
    tensors.set(name, { shape: shape as number[], values: decode(part, dtype as string) });
  }
  // An array without values may stand where another begins.
  taken.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (taken.some(([from], i) => i > 0 && from < taken[i - 1][1])) fail('arrays that overlap');
  return tensors;
}

function decode(view: DataView, dtype: string): Float32Array {
  const size = BYTES[dtype];
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  const read: Record<string, (at: number) => number> = {
    F64: (at) => view.getFloat64(at, true),
    F32: (at) => view.getFloat32(at, true),
    F16: (at) => half(view.getUint16(at, true)),
    BF16: (at) => ((bits[0] = view.getUint16(at, true) << 16), float[0]),
    I64: (at) => Number(view.getBigInt64(at, true)),
    I32: (at) => view.getInt32(at, true),
    I16: (at) => view.getInt16(at, true),
    I8: (at) => view.getInt8(at),
    U8: (at) => view.getUint8(at),
    BOOL: (at) => view.getUint8(at),
  };
  return Float32Array.from({ length: view.byteLength / size }, (_, i) => read[dtype](i * size));
}
