import type { Cursor } from './cursor.js';

/** A message in an object header: its type and its bytes. */
export interface Message {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

export const DATASPACE = 0x01;
export const LINK_INFO = 0x02;
export const DATATYPE = 0x03;
export const LINK = 0x06;
export const LAYOUT = 0x08;
export const FILTERS = 0x0b;
export const ATTRIBUTE = 0x0c;
const CONTINUATION = 0x10;
export const SYMBOL_TABLE = 0x11;
export const ATTRIBUTE_INFO = 0x15;

/** A part of an object header, in bytes of the file. */
interface Block {
  readonly start: number;
  readonly end: number;
}

/** How a version of the object header writes messages. */
interface MessageFormat {
  /** The bytes before the content of a message. */
  readonly prefixBytes: number;
  readType(cursor: Cursor, offset: number): number;
  readSize(cursor: Cursor, offset: number): number;
  /** The block that continues the header. */
  readContinuation(cursor: Cursor, address: number, length: number): Block;
}

/**
 * The messages of the object header at an address, of version 1 (HDF5 1.0 and later) or 2 (HDF5 1.8 and
 * later).
 */
export function readMessages(cursor: Cursor, offset: number): Message[] {
  return cursor.u8(offset) === 1 ? readVersion1(cursor, offset) : readVersion2(cursor, offset);
}

function readVersion1(cursor: Cursor, offset: number): Message[] {
  const start = offset + 16;
  return readBlocks(cursor, { start, end: start + cursor.u32(offset + 8) }, VERSION_1);
}

const VERSION_1: MessageFormat = {
  prefixBytes: 8,
  readType: (cursor, offset) => cursor.u16(offset),
  readSize: (cursor, offset) => cursor.u16(offset + 2),
  readContinuation: (_, address, length) => ({ start: address, end: address + length }),
};

function readVersion2(cursor: Cursor, offset: number): Message[] {
  cursor.expectSignature('OHDR', offset);
  const version = cursor.u8(offset + 4);
  if (version !== 2) cursor.fail(`an object header of version ${version}`, offset);
  const flags = cursor.u8(offset + 5);
  const sizeOffset = offset + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const start = sizeOffset + (1 << (flags & 3));
  const size = readSized(cursor, sizeOffset, flags & 3);
  return readBlocks(cursor, { start, end: start + size }, version2(flags & 4 ? 6 : 4));
}

const version2 = (prefixBytes: number): MessageFormat => ({
  prefixBytes,
  readType: (cursor, offset) => cursor.u8(offset),
  readSize: (cursor, offset) => cursor.u16(offset + 1),
  readContinuation(cursor, address, length) {
    cursor.expectSignature('OCHK', address);
    // The block ends with a checksum.
    return { start: address + 4, end: address + length - 4 };
  },
});

/** An unsigned integer of 1, 2, 4 or 8 bytes, for the size codes 0 to 3. */
export function readSized(cursor: Cursor, offset: number, sizeCode: number): number {
  if (sizeCode === 0) return cursor.u8(offset);
  if (sizeCode === 1) return cursor.u16(offset);
  return sizeCode === 2 ? cursor.u32(offset) : cursor.u64(offset);
}

/**
 * Refuses an info message about links or attributes that are not in messages but in a heap. Its address may
 * follow an index of `indexBytes`.
 */
export function expectNoHeap(cursor: Cursor, offset: number, indexBytes: number, what: string): void {
  const heap = offset + 2 + (cursor.u8(offset + 1) & 1 ? indexBytes : 0);
  if (cursor.address(heap) !== undefined) cursor.fail(what, offset);
}

function readBlocks(cursor: Cursor, first: Block, format: MessageFormat): Message[] {
  const messages: Message[] = [];
  const blocks = [first];
  for (const { start, end } of blocks) {
    cursor.spendWork(start);
    for (let position = start; position + format.prefixBytes <= end;) {
      cursor.spendWork(position);
      const type = format.readType(cursor, position);
      const size = format.readSize(cursor, position);
      const offset = position + format.prefixBytes;
      if (offset + size > end) cursor.fail('a message that is longer than its header', position);
      if (type === CONTINUATION)
        blocks.push(format.readContinuation(cursor, cursor.u64(offset), cursor.u64(offset + 8)));
      else messages.push({ type, offset, size });
      position = offset + size;
    }
  }
  return messages;
}
