import {
  expectBytes,
  expectOptions,
  InputError,
  isInputError,
  parseJson,
  type OptionNames,
} from '@convlens/core';
import { readNumbers, VALUE_TYPES, type TensorValues, type ValueType } from './tensor-values.js';

export interface ReadSafetensorsOptions {
  /** The name of the file in messages; default "the file". */
  readonly fileName?: string;
}

const READ_SAFETENSORS_OPTIONS: OptionNames<ReadSafetensorsOptions> = { fileName: true };

const LENGTH_BYTES = 8;
/** The limit of the format, 100 MB, would take seconds to parse; a header takes about 100 bytes for each array. */
const MAX_HEADER_BYTES = 2 ** 26;
/** As in PyTorch. */
const MAX_RANK = 64;
/** The longest part of the header that a message quotes. */
const MAX_QUOTE = 40;

/**
 * Reads a safetensors file: the length of the header in 8 bytes, a JSON header, and the arrays. All values
 * become float32.
 *
 * @returns the arrays by name, in the order of the header
 * @throws InputError if the file is damaged. By the rules of the format, each array has the size of its shape, and the
 * arrays lie side by side: they do not overlap, have no gaps between them and end with the file. All of this is
 * checked before the first array is read.
 */
export function readSafetensors(
  bytes: Uint8Array,
  options: ReadSafetensorsOptions = {},
): Map<string, TensorValues> {
  expectOptions('readSafetensors', options, READ_SAFETENSORS_OPTIONS);
  expectBytes('bytes', bytes);
  const fail = failFor(options.fileName);
  const { header, dataStart } = readHeader(bytes, fail);
  const data = bytes.subarray(dataStart);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, json]) => parseEntry(name, json, data.length, fail));
  expectSideBySide(entries, data.length, fail);
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
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), { name: 'the header' });
  } catch (error) {
    const { message } = error as Error;
    return fail(isInputError(error) ? `another one (${message})` : `a header that is not UTF-8: ${message}`);
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

const quote = (value: unknown) => {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text;
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCounts = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);

const isValueType = (value: unknown): value is keyof typeof VALUE_TYPES =>
  typeof value === 'string' && Object.hasOwn(VALUE_TYPES, value);

function parseEntry(name: string, json: unknown, dataBytes: number, fail: Fail): Entry {
  const { dtype, shape, data_offsets: offsets } = Object(json) as Record<string, unknown>;
  const title = quote(name);
  if (!isValueType(dtype))
    return fail(
      `${title} of type ${quote(dtype)}; the known types are ${Object.keys(VALUE_TYPES).join(', ')}`,
    );
  if (!isCounts(shape) || shape.length > MAX_RANK || !isCounts(offsets) || offsets.length !== 2)
    return fail(`${title} without a shape and two offsets`);
  const [start, end] = offsets;
  const type = VALUE_TYPES[dtype];
  const size = shape.reduce((product, length) => product * length, type.bytes);
  if (end - start !== size || end > dataBytes)
    fail(`${title} of shape ${shape.join(' x ')} at bytes ${start} to ${end} of ${dataBytes}`);
  return { name, type, shape, start, end };
}

/** Arrays without values may be where another one begins. */
function expectSideBySide(entries: readonly Entry[], dataBytes: number, fail: Fail): void {
  const sorted = [...entries].sort((a, b) => a.start - b.start || a.end - b.end);
  let end = 0;
  for (const entry of sorted) {
    const title = quote(entry.name);
    if (entry.start < end)
      fail(`arrays that overlap: ${title} begins at byte ${entry.start}, before byte ${end}`);
    if (entry.start > end) fail(`a gap before ${title}, from byte ${end} to ${entry.start}`);
    end = entry.end;
  }
  if (end < dataBytes) fail(`${dataBytes - end} bytes after the last array`);
}

const readValues = ({ type, shape, start, end }: Entry, data: Uint8Array): TensorValues => ({
  shape,
  values: readNumbers(data.subarray(start, end), type),
});
