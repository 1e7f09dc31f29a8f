import { Cursor } from './cursor.js';
import { elementCount, readDataspace, readDatatype } from './datatype.js';
import { readDataset } from './dataset.js';
import { readLinks } from './links.js';
import {
  ATTRIBUTE,
  ATTRIBUTE_INFO,
  DATASPACE,
  expectNoHeap,
  readMessages,
  type Message,
} from './object-header.js';
import { readStrings } from './strings.js';

/** A group or a dataset of an HDF5 file. */
export interface Hdf5Object {
  /** The names from the root, separated by "/"; "" for the root. */
  readonly path: string;
  /** The shape of a dataset; undefined for a group. */
  readonly shape?: readonly number[];
  /** The names of the children of a group. */
  keys(): string[];
  child(name: string): Hdf5Object | undefined;
  /** The strings of an attribute, also for a single string; undefined if there is no such attribute. */
  stringAttribute(name: string): string[] | undefined;
  /** The numbers of a dataset, row-major. */
  readValues(): Float32Array;
}

const SIGNATURE = '\x89HDF\r\n\x1a\n';
const ADDRESS_BYTES = 8;

/**
 * Opens an HDF5 file as h5py writes it for Keras: groups, string attributes, and arrays of numbers,
 * contiguous or in chunks, also compressed with gzip (HDF5 file format specification 3.0, superblocks 0, 2
 * and 3). Objects are read when they are asked for. Every read stays within the file, and the work is limited
 * in proportion to its length.
 *
 * @param file the name of the file in messages
 * @throws InputError, also from the methods of the object, if the file is damaged or has what is not
 * supported: other compression, external links, and what only \`libver="latest"\` writes (dense groups, other
 * chunk indices).
 */
export function openHdf5(bytes: Uint8Array, file: string): Hdf5Object {
  const cursor = new Cursor(bytes, file);
  cursor.expectSignature(SIGNATURE, 0);
  const version = cursor.u8(8);
  if (version !== 0 && version !== 2 && version !== 3) cursor.fail(`a superblock of version ${version}`, 8);
  const sizes = version === 0 ? 13 : 9;
  if (cursor.u8(sizes) !== ADDRESS_BYTES || cursor.u8(sizes + 1) !== ADDRESS_BYTES)
    cursor.fail('addresses that are not of 8 bytes', sizes);
  const end = cursor.u64(version === 0 ? 40 : 28);
  if (end > bytes.length)
    cursor.fail(`a declared end of file ${end} past the actual end (${bytes.length})`, 40);
  return openObject(cursor, '', cursor.u64(version === 0 ? 64 : 36));
}

function openObject(cursor: Cursor, path: string, offset: number): Hdf5Object {
  cursor.spendWork(offset);
  const messages = readMessages(cursor, offset);
  const dataspace = messages.find(({ type }) => type === DATASPACE);
  const links = dataspace ? new Map<string, number>() : readLinks(cursor, messages);
  return {
    path,
    shape: dataspace && (readDataspace(cursor, dataspace.offset) ?? [0]),
    keys: () => [...links.keys()],
    child(name) {
      const address = links.get(name);
      return address === undefined ? undefined : openObject(cursor, path ? `${path}/${name}` : name, address);
    },
    stringAttribute: (name) => findStringAttribute(cursor, messages, name),
    readValues: () => readDataset(cursor, { path, offset, messages }),
  };
}

function findStringAttribute(
  cursor: Cursor,
  messages: readonly Message[],
  name: string,
): string[] | undefined {
  for (const { type, offset } of messages) {
    if (type === ATTRIBUTE_INFO) expectNoHeap(cursor, offset, 2, 'dense attributes, which are not supported');
    const strings = type === ATTRIBUTE ? readStringAttribute(cursor, offset, name) : undefined;
    if (strings) return strings;
  }
  return undefined;
}

/** The strings of an attribute message; undefined if it has another name or is not text. */
function readStringAttribute(cursor: Cursor, offset: number, attributeName: string): string[] | undefined {
  const version = cursor.u8(offset);
  if (version < 1 || version > 3) cursor.fail(`an attribute of version ${version}`, offset);
  const padded = (size: number) => (version === 1 ? Math.ceil(size / 8) * 8 : size);
  const [nameSize, datatypeSize, dataspaceSize] = [2, 4, 6].map((field) => cursor.u16(offset + field));
  const name = offset + (version === 3 ? 9 : 8);
  if (cursor.text(name, name + nameSize) !== attributeName) return undefined;
  const datatype = name + padded(nameSize);
  const dataspace = datatype + padded(datatypeSize);
  const shape = readDataspace(cursor, dataspace);
  if (!shape) return [];
  const count = elementCount(shape);
  return readStrings(cursor, dataspace + padded(dataspaceSize), {
    ...readDatatype(cursor, datatype),
    count,
  });
}
