/** A group of an HDF5 file to write: its attributes (texts or lists of texts), and its children by name. */
export interface Group {
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
  readonly children?: Readonly<Record<string, Group | Dataset>>;
}

/** An array of float32. */
export interface Dataset {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

const isDataset = (object: Group | Dataset): object is Dataset => 'shape' in object;

/**
 * An HDF5 file with a superblock of version 2, links and attributes as messages, and contiguous arrays (HDF5 file format
 * specification 3.0). The checksums are zero: the reader does not check them.
 */
export function writeHdf5(root: Group): Uint8Array {
  const parts: Buffer[] = [];
  let end = 48;
  const append = (bytes: Buffer): number => {
    parts.push(bytes);
    end += bytes.length;
    return end - bytes.length;
  };
  const write = (object: Group | Dataset): number =>
    append(objectHeader(isDataset(object) ? dataMessages(object, append) : groupMessages(object, write)));
  const address = write(root);
  const superblock = Buffer.alloc(48);
  superblock.write('\x89HDF\r\n\x1a\n', 'latin1');
  superblock.set([2, 8, 8, 0], 8);
  superblock.fill(255, 20, 28);
  superblock.writeBigUInt64LE(BigInt(end), 28);
  superblock.writeBigUInt64LE(BigInt(address), 36);
  return new Uint8Array(Buffer.concat([superblock, ...parts]));
}

interface Message {
  readonly type: number;
  readonly bytes: Buffer;
}

function objectHeader(messages: readonly Message[]): Buffer {
  const body = Buffer.concat(
    messages.map(({ type, bytes }) => Buffer.concat([Buffer.from([type]), u16(bytes.length), u8(0), bytes])),
  );
  return Buffer.concat([Buffer.from('OHDR'), Buffer.from([2, 2]), u32(body.length), body, u32(0)]);
}

const u8 = (value: number) => Buffer.from([value]);
function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

const dataspace = (shape: readonly number[]) =>
  Buffer.concat([Buffer.from([2, shape.length, 0, shape.length ? 1 : 0]), ...shape.map(u64)]);

/** IEEE float32, little-endian. */
const FLOAT32 = Buffer.from([0x11, 0x20, 0x1f, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]);

function dataMessages({ shape, values }: Dataset, append: (bytes: Buffer) => number): Message[] {
  const bytes = Buffer.from(Float32Array.from(values).buffer);
  const address = append(bytes);
  return [
    { type: 1, bytes: dataspace(shape) },
    { type: 3, bytes: FLOAT32 },
    { type: 8, bytes: Buffer.concat([Buffer.from([3, 1]), u64(address), u64(bytes.length)]) },
  ];
}

function groupMessages(
  { attributes = {}, children = {} }: Group,
  write: (child: Group | Dataset) => number,
): Message[] {
  return [
    ...Object.entries(children).map(([name, child]) => ({ type: 6, bytes: link(name, write(child)) })),
    ...Object.entries(attributes).map(([name, value]) => ({ type: 12, bytes: attribute(name, value) })),
  ];
}

function link(name: string, address: number): Buffer {
  const text = Buffer.from(name);
  return Buffer.concat([Buffer.from([1, 1]), u16(text.length), text, u64(address)]);
}

function attribute(name: string, value: string | readonly string[]): Buffer {
  const texts = [value].flat().map((text) => Buffer.from(text));
  const size = Math.max(1, ...texts.map(({ length }) => length));
  const type = Buffer.concat([Buffer.from([0x13, 0, 0, 0]), u32(size)]);
  const space = dataspace(typeof value === 'string' ? [] : [texts.length]);
  const title = Buffer.from(`${name}\0`);
  return Buffer.concat([
    Buffer.from([3, 0]),
    u16(title.length),
    u16(type.length),
    u16(space.length),
    u8(0),
    title,
    type,
    space,
    ...texts.map((text) => Buffer.concat([text, Buffer.alloc(size - text.length)])),
  ]);
}
