import { extname } from 'node:path';
import { InputError, isInputError, parseJson } from '@convlens/core';
import { decodeFloat16, readNpy } from '@convlens/formats';
import { readRegularFile } from '@convlens/storage/node';

/** An array of numbers from a file, row-major. */
export interface NumberArray {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/** Reads an element of a type of NumPy, such as "f4". */
type ReadElement = (view: DataView, offset: number, littleEndian: boolean) => number;

const ELEMENTS: Readonly<Record<string, ReadElement>> = {
  f8: (view, offset, little) => view.getFloat64(offset, little),
  f4: (view, offset, little) => view.getFloat32(offset, little),
  f2: (view, offset, little) => decodeFloat16(view.getUint16(offset, little)),
  i8: (view, offset, little) => Number(view.getBigInt64(offset, little)),
  i4: (view, offset, little) => view.getInt32(offset, little),
  i2: (view, offset, little) => view.getInt16(offset, little),
  i1: (view, offset) => view.getInt8(offset),
  u8: (view, offset, little) => Number(view.getBigUint64(offset, little)),
  u4: (view, offset, little) => view.getUint32(offset, little),
  u2: (view, offset, little) => view.getUint16(offset, little),
  u1: (view, offset) => view.getUint8(offset),
  b1: (view, offset) => view.getUint8(offset),
};

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

function readNpyNumbers(file: Uint8Array, path: string): NumberArray {
  const { shape, dtype, fortranOrder, bytes } = readNpy(file, { name: path });
  const read = ELEMENTS[dtype.slice(1)];
  if (!read) throw new InputError(`Expected ${path} to hold numbers, got elements of type ${dtype}`);
  if (fortranOrder && shape.length > 1)
    throw new InputError(
      `Expected ${path} in C order, got Fortran order: save numpy.ascontiguousarray(array) in its place`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const width = Number(dtype.slice(2));
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) =>
    read(view, i * width, dtype[0] !== '>'),
  );
  return { values, shape };
}

/** The sizes of nested lists, by the first element of each. */
function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...(value.length > 0 ? shapeOf(value[0]) : [])] : [];
}

/** Appends the numbers of nested lists; false unless they have the sizes `shape`. */
function flatten(value: unknown, shape: readonly number[], numbers: number[]): boolean {
  if (shape.length === 0) {
    if (typeof value !== 'number') return false;
    numbers.push(value);
    return true;
  }
  if (!Array.isArray(value) || value.length !== shape[0]) return false;
  return value.every((item) => flatten(item, shape.slice(1), numbers));
}

function readJsonNumbers(file: Uint8Array, path: string): NumberArray {
  const value = parseJson(new TextDecoder().decode(file), { name: path });
  const shape = shapeOf(value);
  const numbers: number[] = [];
  if (shape.length === 0 || !flatten(value, shape, numbers))
    throw new InputError(`Expected ${path} to hold lists of numbers, all of the same length`);
  return { values: Float32Array.from(numbers), shape };
}

/**
 * Reads an array of numbers: a .npy file of NumPy, or a .json file of nested lists.
 *
 * @param option the option that names the file, for messages
 * @throws InputError if it is neither, or does not hold numbers.
 */
export async function readNumberFile(path: string, option: string): Promise<NumberArray> {
  const extension = extname(path).toLowerCase();
  if (extension !== '.npy' && extension !== '.json')
    throw new InputError(`Expected ${option} to name a .npy or .json file of numbers, got ${path}`);
  const file = await readRegularFile(path).catch((error: Error) => {
    if (isInputError(error)) throw error;
    throw new InputError(`Expected ${option} to name a file that can be read, got ${path}: ${error.message}`);
  });
  return extension === '.npy' ? readNpyNumbers(file, path) : readJsonNumbers(file, path);
}
