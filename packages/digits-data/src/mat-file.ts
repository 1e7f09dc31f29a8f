import { ByteReader, inflate } from '@convlens/image-set/files';

interface NumberFormat {
  readonly bytes: number;
  /** Whether it is whole numbers from 0 to 255. */
  readonly isUnsignedByte?: boolean;
  readonly get: (view: DataView, at: number) => number;
}

/** An array in a MATLAB file, its values still to be read. */
export interface MatArray {
  readonly name: string;
  readonly dimensions: readonly number[];
  /** Where the values follow: first index fastest, as MATLAB keeps them. All must be read. */
  readonly reader: ByteReader;
  /** How a value is stored, whatever the array's class: MATLAB keeps small numbers in few bytes. */
  readonly storage: NumberFormat;
}

const MATRIX = 14;
const COMPRESSED = 15;
const INT8 = 1;
const INT32 = 5;
const UINT32 = 6;

/** Classes of arrays of real numbers; cells, structures, objects, texts and sparse ones are refused. */
const NUMERIC = [6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const COMPLEX = 0x08;

/** How numbers can be stored, by MATLAB's number of the type. */
const storages = (little: boolean): Record<number, NumberFormat> => ({
  1: { bytes: 1, get: (view, at) => view.getInt8(at) },
  2: { bytes: 1, isUnsignedByte: true, get: (view, at) => view.getUint8(at) },
  3: { bytes: 2, get: (view, at) => view.getInt16(at, little) },
  4: { bytes: 2, get: (view, at) => view.getUint16(at, little) },
  5: { bytes: 4, get: (view, at) => view.getInt32(at, little) },
  6: { bytes: 4, get: (view, at) => view.getUint32(at, little) },
  7: { bytes: 4, get: (view, at) => view.getFloat32(at, little) },
  9: { bytes: 8, get: (view, at) => view.getFloat64(at, little) },
  12: { bytes: 8, get: (view, at) => Number(view.getBigInt64(at, little)) },
  13: { bytes: 8, get: (view, at) => Number(view.getBigUint64(at, little)) },
});

interface Tag {
  readonly type: number;
  readonly bytes: number;
  /** Those of a small element lie in its tag. */
  readonly small?: Uint8Array;
}

/**
 * The numeric arrays in a MATLAB file of version 5, compressed or not, one after the other and read as they come (MAT-File
 * Format, The MathWorks, chapter 1).
 *
 * @throws InputError that says what was expected at which byte, and what was found.
 */
export async function* matArrays(
  reader: ByteReader,
  { maxBytes }: { maxBytes: number },
): AsyncGenerator<MatArray> {
  const head = await reader.read(128, 'the head of a MATLAB file');
  const order = String.fromCharCode(head[126], head[127]);
  if (order !== 'IM' && order !== 'MI')
    throw reader.wrong('"IM" or "MI", as in a MATLAB file of version 5', JSON.stringify(order), 126);
  const little = order === 'IM';
  const version = head[little ? 125 : 124];
  if (version !== 1) throw reader.wrong('a MATLAB file of version 5', `version ${version}`, 124);

  while (!(await reader.isAtEnd())) {
    const { type, bytes } = await readTag(reader, little);
    if (type === MATRIX) {
      const end = reader.position + bytes;
      yield await readArray(reader, { little, maxBytes });
      if (reader.position > end) throw reader.wrong(`the array to end at byte ${end}`, 'more of it');
      await skip(reader, end - reader.position);
    } else if (type === COMPRESSED) {
      const where = `${reader.where} (byte ${reader.position}, unpacked)`;
      const start = reader.position;
      const inner = new ByteReader(
        inflate(reader.part(bytes, 'a compressed array'), { format: 'deflate', where, maxBytes }),
        where,
      );
      try {
        const tag = await readTag(inner, little);
        if (tag.type !== MATRIX) throw inner.wrong(`an array (type ${MATRIX})`, `type ${tag.type}`, 0);
        yield await readArray(inner, { little, maxBytes });
        await inner.drain();
      } finally {
        await inner.close();
      }
      await skip(reader, start + bytes - reader.position);
    } else throw reader.wrong(`an array (type ${MATRIX} or ${COMPRESSED})`, `type ${type}`);
  }
}

async function readTag(reader: ByteReader, little: boolean): Promise<Tag> {
  const tag = (await reader.read(8, 'a tag')).slice();
  const view = new DataView(tag.buffer);
  const type = view.getUint32(0, little);
  if (type >>> 16 === 0) return { type, bytes: view.getUint32(4, little) };
  const bytes = type >>> 16;
  if (bytes > 4) throw reader.wrong('a small element of at most 4 bytes', `${bytes}`, reader.position - 8);
  return { type: type & 0xffff, bytes, small: tag.subarray(4, 4 + bytes) };
}

/** A whole short element, and the padding after it. */
async function readShort(reader: ByteReader, little: boolean, type: number, what: string): Promise<DataView> {
  const at = reader.position;
  const tag = await readTag(reader, little);
  if (tag.type !== type) throw reader.wrong(`${what} (type ${type})`, `type ${tag.type}`, at);
  if (tag.bytes > 256) throw reader.wrong(`${what} of at most 256 bytes`, String(tag.bytes), at);
  const bytes = tag.small ?? (await reader.read(tag.bytes, what)).slice();
  if (!tag.small) await skip(reader, -tag.bytes & 7);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

async function readArray(
  reader: ByteReader,
  { little, maxBytes }: { little: boolean; maxBytes: number },
): Promise<MatArray> {
  const start = reader.position;
  const flags = await readShort(reader, little, UINT32, 'array flags');
  const kind = flags.byteLength === 8 ? flags.getUint32(0, little) : 0;
  if (!NUMERIC.includes(kind & 0xff) || (kind >> 8) & COMPLEX)
    throw reader.wrong('an array of real numbers (class 6 to 15)', `class ${kind & 0xff}`, start);
  const sizes = await readShort(reader, little, INT32, 'dimensions');
  const dimensions = Array.from({ length: sizes.byteLength >> 2 }, (_, i) => sizes.getInt32(4 * i, little));
  const name = await readShort(reader, little, INT8, 'a name');
  const at = reader.position;
  const data = await readTag(reader, little);
  const storage = storages(little)[data.type];
  const count = dimensions.reduce((product, size) => product * size, 1);
  if (!storage) throw reader.wrong('numbers', `type ${data.type}`, at);
  if (dimensions.some((size) => size < 0) || count * storage.bytes !== data.bytes || data.bytes > maxBytes)
    throw reader.wrong(
      `${dimensions.join(' x ')} numbers of ${storage.bytes} bytes, at most ${maxBytes} bytes`,
      `${data.bytes} bytes`,
      at,
    );
  const { small } = data;
  return {
    name: new TextDecoder().decode(name),
    dimensions,
    storage,
    reader: small ? new ByteReader(once(small), reader.where) : reader,
  };
}

async function* once(bytes: Uint8Array) {
  yield bytes;
}

async function skip(reader: ByteReader, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= Math.min(left, 1 << 16))
    await reader.read(Math.min(left, 1 << 16), 'padding');
}
