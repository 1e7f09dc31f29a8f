import { readChunks } from './chunks.js';
import { Cursor } from './cursor.js';
import { readFilters } from './filters.js';
import { readLinks } from './links.js';
import {
  ATTRIBUTE,
  ATTRIBUTE_INFO,
  DATASPACE,
  DATATYPE,
  FILTERS,
  LAYOUT,
  readMessages,
  type Message,
} from './object-header.js';
import { countOf, readNumbers, readShape, readStrings, readType } from './values.js';

/** A group or a data set of an HDF5 file. */
export interface Hdf5Object {
  /** Names from the root, with "/" between them; "" is the root. */
  readonly path: string;
  /** Of a data set; undefined for a group. */
  readonly shape?: readonly number[];
  /** The names of a group's members. */
  keys(): string[];
  child(name: string): Hdf5Object | undefined;
  /** An attribute that is text: a list of strings, of one for a single one; undefined if there is none of that name. */
  strings(name: string): string[] | undefined;
  /** The numbers of a data set, row-major. */
  values(): Float32Array;
}

const SIGNATURE = '\x89HDF\r\n\x1a\n';

/**
 * Reads HDF5 as h5py writes it for Keras: groups, attributes of text, and arrays of numbers, in one piece or in chunks, also
 * compressed with gzip. Other compression, links out of the file, and what only \`libver="latest"\` writes (dense groups,
 * other indices of chunks) are refused. Only bytes that are asked for are looked at, each read is within the file, and a
 * file whose parts refer to each other ends in an error: HDF5 file format specification 3.0, superblocks 0, 2 and 3.
 */
export function openHdf5(bytes: Uint8Array, file: string): Hdf5Object {
  const cursor = new Cursor(bytes, file);
  cursor.expectSignature(SIGNATURE, 0);
  const version = cursor.u8(8);
  if (version !== 0 && version !== 2 && version !== 3) cursor.fail(`a superblock of version ${version}`, 8);
  const sizes = version === 0 ? 13 : 9;
  if (cursor.u8(sizes) !== 8 || cursor.u8(sizes + 1) !== 8)
    cursor.fail('addresses that are not of 8 bytes', sizes);
  const end = cursor.u64(version === 0 ? 40 : 28);
  if (end > bytes.length)
    cursor.fail(`an end of file at ${end} that lies past its real end (${bytes.length})`, 40);
  return openObject(cursor, '', cursor.u64(version === 0 ? 64 : 36));
}

function openObject(cursor: Cursor, path: string, at: number): Hdf5Object {
  cursor.visit(at);
  const messages = readMessages(cursor, at);
  const find = (type: number) => messages.find((message) => message.type === type);
  const space = find(DATASPACE);
  const links = space ? new Map<string, number>() : readLinks(cursor, messages);
  return {
    path,
    shape: space && (readShape(cursor, space.at) ?? [0]),
    keys: () => [...links.keys()],
    child(name) {
      const address = links.get(name);
      return address === undefined ? undefined : openObject(cursor, path ? `${path}/${name}` : name, address);
    },
    strings(name) {
      for (const message of messages) {
        if (message.type === ATTRIBUTE_INFO) expectNoHeap(cursor, message.at);
        const found = message.type === ATTRIBUTE && readAttribute(cursor, message, name);
        if (found) return found;
      }
      return undefined;
    },
    values: () => readDataSet(cursor, { path, at, find }),
  };
}

function expectNoHeap(cursor: Cursor, at: number): void {
  const heap = at + 2 + (cursor.u8(at + 1) & 1 ? 2 : 0);
  if (cursor.address(heap) !== undefined) cursor.fail('attributes in the dense form, which is not read', at);
}

function readAttribute(cursor: Cursor, { at }: Message, wanted: string): string[] | undefined {
  const version = cursor.u8(at);
  if (version < 1 || version > 3) cursor.fail(`an attribute of version ${version}`, at);
  const padded = (size: number) => (version === 1 ? Math.ceil(size / 8) * 8 : size);
  const [nameSize, typeSize, spaceSize] = [2, 4, 6].map((offset) => cursor.u16(at + offset));
  const name = at + (version === 3 ? 9 : 8);
  if (cursor.text(name, name + nameSize) !== wanted) return undefined;
  const type = name + padded(nameSize);
  const space = type + padded(typeSize);
  const shape = readShape(cursor, space);
  if (!shape) return [];
  return readStrings(cursor, space + padded(spaceSize), { ...readType(cursor, type), count: countOf(shape) });
}

function readDataSet(
  cursor: Cursor,
  { path, at, find }: { path: string; at: number; find: (type: number) => Message | undefined },
): Float32Array {
  const [space, type, layout] = [DATASPACE, DATATYPE, LAYOUT].map(find);
  if (!space || !type || !layout) return cursor.fail(`no array in ${path || 'the root'}`, at);
  const element = readType(cursor, type.at);
  if (!['float', 'integer', 'natural'].includes(element.kind) || ![1, 2, 4, 8].includes(element.size))
    cursor.fail(`the array ${path}, whose elements are neither whole numbers nor IEEE floats,`, type.at);
  const shape = readShape(cursor, space.at) ?? [0];
  const size = element.size * countOf(shape);
  if (size === 0) return new Float32Array(0);
  const [version, kind] = [cursor.u8(layout.at), cursor.u8(layout.at + 1)];
  if (version !== 3 && version !== 4) cursor.fail(`a layout of version ${version}`, layout.at);
  if (kind > 1) {
    if (kind > 2 || version !== 3)
      cursor.fail(`the array ${path} in a form of newer versions, which is not read`, layout.at);
    const filters = readFilters(cursor, find(FILTERS)?.at);
    return readNumbers(readChunks(cursor, layout.at, { shape, element, filters, path }), element);
  }
  if (find(FILTERS)) cursor.fail(`the array ${path}, compressed but not in chunks,`, at);
  const place = kind === 0 ? layout.at + 4 : cursor.address(layout.at + 2);
  const held = kind === 0 ? cursor.u16(layout.at + 2) : cursor.u64(layout.at + 10);
  if (place === undefined || held < size)
    return cursor.fail(
      `the array ${path} of ${size} bytes, of which it holds ${place ? held : 0},`,
      layout.at,
    );
  cursor.visit(place, size);
  return readNumbers(cursor.slice(place, size), element);
}
