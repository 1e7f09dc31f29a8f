import type { Cursor } from './cursor.js';
import { LINK, LINK_INFO, SYMBOL_TABLE, type Message } from './object-header.js';

/** What a group holds: the addresses of its members' object headers by name, in the file's order. */
export function readLinks(cursor: Cursor, messages: readonly Message[]): Map<string, number> {
  const links = new Map<string, number>();
  for (const message of messages) {
    if (message.type === SYMBOL_TABLE) readSymbolTable(cursor, message.at, links);
    if (message.type === LINK) readLink(cursor, message.at, links);
    if (message.type === LINK_INFO) {
      const heap = message.at + 2 + (cursor.u8(message.at + 1) & 1 ? 8 : 0);
      if (cursor.address(heap) !== undefined)
        cursor.fail('a group in the dense form of newer versions, which is not read', message.at);
    }
  }
  return links;
}

/** Groups of HDF5 1.0 and later: a B-tree whose leaves name entries of a local heap. */
function readSymbolTable(cursor: Cursor, at: number, links: Map<string, number>): void {
  const heap = cursor.u64(at + 8);
  cursor.expectSignature('HEAP', heap);
  const names = cursor.u64(heap + 24);
  const namesEnd = names + cursor.u64(heap + 8);
  const visit = (node: number, depth: number): void => {
    cursor.visit(node);
    if (depth > 32) cursor.fail('a tree that is too deep', node);
    cursor.expectSignature('TREE', node);
    const level = cursor.u8(node + 5);
    for (let i = 0; i < cursor.u16(node + 6); i++) {
      const child = cursor.u64(node + 32 + 16 * i);
      if (level > 0) visit(child, depth + 1);
      else readLeaf(child);
    }
  };
  const readLeaf = (leaf: number): void => {
    cursor.expectSignature('SNOD', leaf);
    for (let i = 0; i < cursor.u16(leaf + 6); i++) {
      const entry = leaf + 8 + 40 * i;
      cursor.visit(entry);
      if (cursor.u32(entry + 16) === 2) cursor.fail('a symbolic link, which is not followed', entry);
      links.set(cursor.text(names + cursor.u64(entry), namesEnd), cursor.u64(entry + 8));
    }
  };
  const root = cursor.address(at);
  if (root !== undefined) visit(root, 0);
}

/** Groups of HDF5 1.8 and later: a message a member. */
function readLink(cursor: Cursor, at: number, links: Map<string, number>): void {
  const flags = cursor.u8(at + 1);
  let next = at + 2;
  if (flags & 8 && cursor.u8(next++) !== 0) cursor.fail('a link out of the file, which is not followed', at);
  next += (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
  const width = 1 << (flags & 3);
  const length = [cursor.u8, cursor.u16, cursor.u32, cursor.u64][flags & 3].call(cursor, next);
  const end = next + width + length;
  links.set(cursor.text(next + width, end), cursor.u64(end));
}
