import type { Cursor } from './cursor.js';

/** One message of an object's header: what kind it is, and where its bytes lie. */
export interface Message {
  readonly type: number;
  readonly at: number;
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

/** The messages of the object header at an address, of version 1 (HDF5 1.0 and later) or 2 (1.8 and later). */
export function readMessages(cursor: Cursor, at: number): Message[] {
  return cursor.u8(at) === 1 ? readVersion1(cursor, at) : readVersion2(cursor, at);
}

function readVersion1(cursor: Cursor, at: number): Message[] {
  const messages: Message[] = [];
  const blocks = [{ at: at + 16, end: at + 16 + cursor.u32(at + 8) }];
  for (const { at: start, end } of blocks) {
    cursor.visit(start);
    for (let next = start; next + 8 <= end;) {
      cursor.visit(next);
      const message = { type: cursor.u16(next), at: next + 8, size: cursor.u16(next + 2) };
      if (message.at + message.size > end) cursor.fail('a message that is longer than its header', next);
      if (message.type === CONTINUATION) {
        const from = cursor.u64(message.at);
        blocks.push({ at: from, end: from + cursor.u64(message.at + 8) });
      } else messages.push(message);
      next = message.at + message.size;
    }
  }
  return messages;
}

function readVersion2(cursor: Cursor, at: number): Message[] {
  cursor.expectSignature('OHDR', at);
  if (cursor.u8(at + 4) !== 2) cursor.fail(`an object header of version ${cursor.u8(at + 4)}`, at);
  const flags = cursor.u8(at + 5);
  const sizeAt = at + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 1 << (flags & 3);
  const size = [cursor.u8, cursor.u16, cursor.u32, cursor.u64][flags & 3].call(cursor, sizeAt);
  const messages: Message[] = [];
  const blocks = [{ at: sizeAt + width, end: sizeAt + width + size }];
  const lead = flags & 4 ? 6 : 4;
  for (const { at: start, end } of blocks) {
    cursor.visit(start);
    for (let next = start; next + lead <= end;) {
      cursor.visit(next);
      const message = { type: cursor.u8(next), at: next + lead, size: cursor.u16(next + 1) };
      if (message.at + message.size > end) cursor.fail('a message that is longer than its header', next);
      if (message.type === CONTINUATION) {
        const from = cursor.u64(message.at);
        cursor.expectSignature('OCHK', from);
        blocks.push({ at: from + 4, end: from + cursor.u64(message.at + 8) - 4 });
      } else messages.push(message);
      next = message.at + message.size;
    }
  }
  return messages;
}
