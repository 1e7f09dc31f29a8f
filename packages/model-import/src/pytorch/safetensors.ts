import { expectOptions, InputError, type OptionNames } from '@convlens/core';
import { decodeFloat16 } from '@convlens/formats';

/** The values of a named array in a safetensors file, row-major. */
export interface TensorValues {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface ReadSafetensorsOptions {
  /** The name of the file in messages; default "the file". */
  readonly fileName?: string;
}

const READ_SAFETENSORS_OPTIONS: OptionNames<ReadSafetensorsOptions> = { fileName: true };

const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 2 ** 26;

/** How the values of a data type are read. */
interface ValueType {
  readonly bytes: number;
  readonly read: (view: DataView, offset: number) => number;
}

const VALUE_TYPES: Readonly<Record<string, ValueType>> = {
  F64: { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) },
  F32: { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
  F16: { bytes: 2, read: (view, offset) => decodeFloat16(view.getUint16(offset, true)) },
  BF16: { bytes: 2, read: (view, offset) => decodeBfloat16(view.getUint16(offset, true)) },
  I64: { bytes: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) },
  I32: { bytes: 4, read: (view, offset) => view.getInt32(offset, true) },
  I16: { bytes: 2, read: (view, offset) => view.getInt16(offset, true) },
  I8: { bytes: 1, read: (view, offset) => view.getInt8(offset) },
  U8: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  BOOL: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
};

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** A bfloat16 is the upper half of a float32. */
function decodeBfloat16(bits: number): number {
  floatBits[0] = bits << 16;
  return float[0];
}

/**
 * Reads a safetensors file: the length of the header in 8 bytes, a JSON header, and the arrays. All values
 * become float32.
 *
 * @returns the arrays by name, in the order of the header
 * @throws InputError if the file is damaged: an array must lie within the file, have the size of its shape,
 * and not overlap another one.
 */
export function readSafetensors(
  bytes: Uint8Array,
  options: ReadSafetensorsOptions = {},
): Map<string, TensorValues> {
  expectOptions('readSafetensors', options, READ_SAFETENSORS_OPTIONS);
  const fail = failFor(options.fileName);
  const { header, dataStart } = readHeader(bytes, fail);
  const data = bytes.subarray(dataStart);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, json]) => parseEntry(name, json, data.length, fail));
  expectNoOverlap(entries, fail);
  return new Map(entries.map((entry) => [entry.name, readValues(entry, data)]));
}

type Fail = (what: string) => never;

const failFor =
  (fileName = 'the file'): Fail =>
  (what) => {
    throw new InputError(`Expected ${fileName} to be a safetensors file, found ${what}`);
  };

function readHeader(bytes: Uint8Array, fail: Fail): { header: object; dataStart: number } {
  if (bytes.length < LENGTH_BYTES) fail(`${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const dataStart = LENGTH_BYTES + length;
  if (length > MAX_HEADER_BYTES || dataStart > bytes.length)
    fail(`a header of ${length} bytes in a file of ${bytes.length}`);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart), fail);
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    return fail('a header that is not an object');
  return { header, dataStart };
}

function parseHeader(bytes: Uint8Array, fail: Fail): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return fail(`a header that is not JSON: ${(error as Error).message}`);
  }
}

/** An array as the header describes it. */
interface Entry {
  readonly name: string;
  readonly type: ValueType;
  readonly shape: readonly number[];
  /** In bytes of the data. */
  readonly start: number;
  readonly end: number;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCounts = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);

function parseEntry(name: string, json: unknown, dataBytes: number, fail: Fail): Entry {
  const { dtype, shape, data_offsets: offsets } = Object(json) as Record<string, unknown>;
  const title = JSON.stringify(name);
  if (typeof dtype !== 'string' || !Object.hasOwn(VALUE_TYPES, dtype))
    return fail(
      `${title} of type ${JSON.stringify(dtype)}; the known types are ${Object.keys(VALUE_TYPES).join(', ')}`,
    );
  if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2)
    return fail(`${title} without a shape and two offsets`);
  const [start, end] = offsets;
  const type = VALUE_TYPES[dtype];
  const size = shape.reduce((product, length) => product * length, type.bytes);
  if (end - start !== size || end > dataBytes)
    fail(`${title} of shape ${shape.join(' x ')} at bytes ${start} to ${end} of ${dataBytes}`);
  return { name, type, shape, start, end };
}

function expectNoOverlap(entries: readonly Entry[], fail: Fail): void {
  // An array without values may be where another one begins.
  const sorted = [...entries].sort((a, b) => a.start - b.start || a.end - b.end);
  if (sorted.some(({ start }, i) => i > 0 && start < sorted[i - 1].end)) fail('arrays that overlap');
}

function readValues({ type, shape, start, end }: Entry, data: Uint8Array): TensorValues {
  const view = new DataView(data.buffer, data.byteOffset + start, end - start);
  const length = (end - start) / type.bytes;
  const values = Float32Array.from({ length }, (_, i) => type.read(view, i * type.bytes));
  return { shape, values };
}
