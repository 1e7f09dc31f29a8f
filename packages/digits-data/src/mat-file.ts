import { ByteReader, inflate, singleChunk } from '@convlens/formats';

/*
 * MATLAB files of version 5 (The MathWorks, MAT-File Format, chapter 1): a header, then elements. An element is a tag, which
 * names its type and size, and its data, padded to 8 bytes. An array is an element that consists of elements itself: flags,
 * dimensions, a name, and the numbers.
 */

/** A type of stored numbers. */
interface DataType {
  /** The size of a number. */
  readonly bytes: number;
  /** Whether the numbers are integers from 0 to 255. */
  readonly isUnsignedByte?: boolean;
  readonly get: (view: DataView, offset: number) => number;
}

/** An array in a MATLAB file, before its numbers are read. */
export interface MatArray {
  readonly name: string;
  readonly dimensions: readonly number[];
  /** Positioned at the numbers, the first index fastest. All of them must be read. */
  readonly reader: ByteReader;
  /** The type of the stored numbers. It may be smaller than the class of the array. */
  readonly dataType: DataType;
}

const HEADER_BYTES = 128;
const VERSION_5 = 1;

/** Types of elements. */
const INT8 = 1;
const INT32 = 5;
const UINT32 = 6;
const MATRIX = 14;
const COMPRESSED = 15;

/** Classes of arrays of real numbers. Cells, structures, objects, texts and sparse arrays are refused. */
const FIRST_NUMERIC_CLASS = 6;
const LAST_NUMERIC_CLASS = 15;
const COMPLEX_FLAG = 0x08;

/** Names, flags and dimensions are shorter. */
const MAX_SMALL_ELEMENT_BYTES = 256;

/** The types of numbers by their number in the file. */
const dataTypes = (littleEndian: boolean): Readonly<Record<number, DataType>> => ({
  1: { bytes: 1, get: (view, offset) => view.getInt8(offset) },
  2: { bytes: 1, isUnsignedByte: true, get: (view, offset) => view.getUint8(offset) },
  3: { bytes: 2, get: (view, offset) => view.getInt16(offset, littleEndian) },
  4: { bytes: 2, get: (view, offset) => view.getUint16(offset, littleEndian) },
  5: { bytes: 4, get: (view, offset) => view.getInt32(offset, littleEndian) },
  6: { bytes: 4, get: (view, offset) => view.getUint32(offset, littleEndian) },
  7: { bytes: 4, get: (view, offset) => view.getFloat32(offset, littleEndian) },
  9: { bytes: 8, get: (view, offset) => view.getFloat64(offset, littleEndian) },
  12: { bytes: 8, get: (view, offset) => Number(view.getBigInt64(offset, littleEndian)) },
  13: { bytes: 8, get: (view, offset) => Number(view.getBigUint64(offset, littleEndian)) },
});

interface MatFormat {
  readonly littleEndian: boolean;
  /** The most bytes that the numbers of an array may take. */
  readonly maxBytes: number;
}

/**
 * The numeric arrays in a MATLAB file of version 5, compressed or not, in the order of the file.
 *
 * @throws InputError with the position, what was expected there, and what was found.
 */
export async function* matArrays(
  reader: ByteReader,
  { maxBytes }: { maxBytes: number },
): AsyncGenerator<MatArray> {
  const format: MatFormat = { littleEndian: await readHeader(reader), maxBytes };
  while (!(await reader.isAtEnd())) {
    const { type, bytes } = await readTag(reader, format);
    const end = reader.position + bytes;
    if (type === MATRIX) {
      yield await readArray(reader, format);
      if (reader.position > end) throw reader.error(`the array to end at byte ${end}`, 'more of it');
    } else if (type === COMPRESSED) yield* compressedArray(reader, bytes, format);
    else throw reader.error(`an array (type ${MATRIX} or ${COMPRESSED})`, `type ${type}`);
    await reader.skip(end - reader.position, 'padding');
  }
}

/** Reads the header; returns whether numbers are little-endian. */
async function readHeader(reader: ByteReader): Promise<boolean> {
  const header = await reader.read(HEADER_BYTES, 'the header of a MATLAB file');
  const byteOrder = String.fromCharCode(header[126], header[127]);
  if (byteOrder !== 'IM' && byteOrder !== 'MI')
    throw reader.error('"IM" or "MI", as in a MATLAB file of version 5', JSON.stringify(byteOrder), 126);
  const littleEndian = byteOrder === 'IM';
  const version = header[littleEndian ? 125 : 124];
  if (version !== VERSION_5) throw reader.error('a MATLAB file of version 5', `version ${version}`, 124);
  return littleEndian;
}

async function* compressedArray(
  reader: ByteReader,
  bytes: number,
  format: MatFormat,
): AsyncGenerator<MatArray> {
  const name = `${reader.name} (byte ${reader.position}, unpacked)`;
  const packed = reader.stream(bytes, 'a compressed array');
  const unpacked = inflate(packed, { format: 'deflate', name, maxBytes: format.maxBytes });
  const inner = new ByteReader(unpacked, name);
  try {
    const { type } = await readTag(inner, format);
    if (type !== MATRIX) throw inner.error(`an array (type ${MATRIX})`, `type ${type}`, 0);
    yield await readArray(inner, format);
    await inner.drain();
  } finally {
    await inner.close();
  }
}

interface Tag {
  readonly type: number;
  readonly bytes: number;
  /** The data of an element of at most 4 bytes, which is in its tag. */
  readonly data?: Uint8Array;
}

async function readTag(reader: ByteReader, { littleEndian }: MatFormat): Promise<Tag> {
  const tag = (await reader.read(8, 'a tag')).slice();
  const view = new DataView(tag.buffer);
  const type = view.getUint32(0, littleEndian);
  const smallBytes = type >>> 16;
  if (smallBytes === 0) return { type, bytes: view.getUint32(4, littleEndian) };
  if (smallBytes > 4)
    throw reader.error('a small element of at most 4 bytes', `${smallBytes}`, reader.position - 8);
  return { type: type & 0xffff, bytes: smallBytes, data: tag.subarray(4, 4 + smallBytes) };
}

interface SmallElement extends MatFormat {
  readonly type: number;
  /** The name of the element in messages. */
  readonly what: string;
}

/** Reads a whole short element, and the padding after it. */
async function readSmallElement(
  reader: ByteReader,
  { type, what, ...format }: SmallElement,
): Promise<DataView> {
  const position = reader.position;
  const tag = await readTag(reader, format);
  if (tag.type !== type) throw reader.error(`${what} (type ${type})`, `type ${tag.type}`, position);
  if (tag.bytes > MAX_SMALL_ELEMENT_BYTES)
    throw reader.error(`${what} of at most ${MAX_SMALL_ELEMENT_BYTES} bytes`, String(tag.bytes), position);
  const data = tag.data ?? (await reader.read(tag.bytes, what)).slice();
  if (!tag.data) await reader.skip(-tag.bytes & 7, 'padding');
  return new DataView(data.buffer, data.byteOffset, data.length);
}

/** Reads an array up to its numbers. */
async function readArray(reader: ByteReader, format: MatFormat): Promise<MatArray> {
  const { littleEndian, maxBytes } = format;
  await expectRealNumbers(reader, format);
  const sizes = await readSmallElement(reader, { type: INT32, what: 'dimensions', ...format });
  const dimensions = Array.from({ length: sizes.byteLength >> 2 }, (_, i) =>
    sizes.getInt32(4 * i, littleEndian),
  );
  const name = await readSmallElement(reader, { type: INT8, what: 'a name', ...format });
  const position = reader.position;
  const { type, bytes, data } = await readTag(reader, format);
  const dataType = dataTypes(littleEndian)[type];
  if (!dataType) throw reader.error('numbers', `type ${type}`, position);
  const count = dimensions.reduce((product, size) => product * size, 1);
  if (dimensions.some((size) => size < 0) || count * dataType.bytes !== bytes || bytes > maxBytes)
    throw reader.error(
      `${dimensions.join(' x ')} numbers of ${dataType.bytes} bytes, at most ${maxBytes} bytes`,
      `${bytes} bytes`,
      position,
    );
  return {
    name: new TextDecoder().decode(name),
    dimensions,
    dataType,
    reader: data ? new ByteReader(singleChunk(data), reader.name) : reader,
  };
}

/** Reads the flags of an array; refuses one that does not hold real numbers. */
async function expectRealNumbers(reader: ByteReader, format: MatFormat): Promise<void> {
  const position = reader.position;
  const flags = await readSmallElement(reader, { type: UINT32, what: 'array flags', ...format });
  const bits = flags.byteLength === 8 ? flags.getUint32(0, format.littleEndian) : 0;
  const arrayClass = bits & 0xff;
  const isReal = ((bits >> 8) & COMPLEX_FLAG) === 0;
  if (arrayClass < FIRST_NUMERIC_CLASS || arrayClass > LAST_NUMERIC_CLASS || !isReal)
    throw reader.error('an array of real numbers (class 6 to 15)', `class ${arrayClass}`, position);
}
