import {
  expectString,
  expectObject,
  expectBytes,
  escapeControls,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import { fileType, firstBytes } from './file-type.js';
import { NumpyArray } from './numpy-array.js';

export interface ReadNpyOptions {
  /** The name of the file in messages. */
  readonly name: string;
}

const READ_NPY_OPTIONS: OptionNames<ReadNpyOptions> = { name: true };

/** Magic (6 bytes), version (2), then the length of the header: 2 bytes in version 1, 4 bytes in versions 2 and 3. */
const VERSION_OFFSET = 6;
const HEADER_LENGTH_OFFSET = 8;

/** The header is a Python dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. */
const HEADER = /^\{'descr': '([^']+)', 'fortran_order': (True|False), 'shape': \(((?:\d+, ?)*\d*)\), \}\s*$/;

/** As in NumPy. */
const MAX_RANK = 64;

/**
 * Reads an array that NumPy saved (`numpy.save`, format versions 1 to 3).
 *
 * @returns the array; its bytes are a view of `bytes`
 * @throws InputError if the file is no .npy file, is cut off or has bytes after the array, or if its elements are records or
 * Python objects.
 */
export function readNpy(
  bytes: Uint8Array,
  options: ReadNpyOptions,
): NumpyArray & { readonly bytes: Uint8Array } {
  expectOptions('readNpy', options, READ_NPY_OPTIONS);
  expectObject('the options of readNpy', options);
  expectBytes('bytes', bytes);
  expectString('name', options.name);
  const fail = (expected: string, found: string): never => {
    throw new InputError(`${options.name}: expected ${expected}, found ${found}`);
  };
  if (fileType(bytes) !== 'npy') fail('a .npy file', `a file that begins with ${firstBytes(bytes)}`);
  const { header, end } = readHeader(bytes, fail);
  const match = HEADER.exec(header);
  if (!match) return fail('the header of a plain array', escapeControls(header.slice(0, 100).trim()));
  const [, dtype, order, sizes] = match;
  const shape = sizes
    .split(',')
    .filter((size) => size.trim())
    .map(Number);
  if (shape.length > MAX_RANK) return fail(`at most ${MAX_RANK} dimensions`, `${shape.length}`);
  const elementBytes = elementSize(dtype);
  if (elementBytes === undefined)
    return fail('numbers, booleans or strings', `elements of type ${escapeControls(dtype.slice(0, 100))}`);
  const length = shape.reduce((product, size) => product * size, elementBytes);
  if (bytes.length - end !== length)
    fail(`${length} bytes for the shape (${sizes.slice(0, 100)})`, `${bytes.length - end}`);
  return Object.assign(new NumpyArray(), {
    shape,
    dtype,
    fortranOrder: order === 'True',
    bytes: bytes.subarray(end),
  });
}

function readHeader(
  bytes: Uint8Array,
  fail: (expected: string, found: string) => never,
): { header: string; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = bytes[VERSION_OFFSET];
  if (!(version >= 1 && version <= 3)) fail('version 1, 2 or 3 of the format', `version ${version}`);
  const start = HEADER_LENGTH_OFFSET + (version === 1 ? 2 : 4);
  if (bytes.length < start) fail('the length of the header', 'the end of the file');
  const length =
    version === 1 ? view.getUint16(HEADER_LENGTH_OFFSET, true) : view.getUint32(HEADER_LENGTH_OFFSET, true);
  if (length > bytes.length - start) fail(`a header of ${length} bytes`, 'the end of the file');
  return { header: new TextDecoder().decode(bytes.subarray(start, start + length)), end: start + length };
}

/**
 * The bytes of one element: of "<f4" 4, of a string of n characters ("<Un") 4 n; undefined for Python objects
 * and for elements without bytes, of which a small file could hold any number.
 */
function elementSize(dtype: string): number | undefined {
  const match = /^[<>|=]([biufcSUV])([1-9]\d*)$/.exec(dtype);
  if (!match) return undefined;
  return Number(match[2]) * (match[1] === 'U' ? 4 : 1);
}
