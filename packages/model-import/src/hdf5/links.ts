import { visitTree } from './b-tree.js';
import type { Cursor } from './cursor.js';
import { expectNoHeap, LINK, LINK_INFO, readSized, SYMBOL_TABLE, type Message } from './object-header.js';

const SYMBOLIC_LINK = 2;

/** The links of a group: the addresses of object headers by name, in the order of the file. */
export function readLinks(cursor: Cursor, messages: readonly Message[]): Map<string, number> {
  const links = new Map<string, number>();
  for (const { type, offset } of messages) {
    if (type === SYMBOL_TABLE) readSymbolTable(cursor, offset, links);
    if (type === LINK) readLink(cursor, offset, links);
    if (type === LINK_INFO) expectNoHeap(cursor, offset, 8, 'a dense group, which is not supported');
  }
  return links;
}

/** Groups of HDF5 1.0 and later: a B-tree, whose leaves refer to names in a local heap. */
function readSymbolTable(cursor: Cursor, offset: number, links: Map<string, number>): void {
  const heap = cursor.u64(offset + 8);
  cursor.expectSignature('HEAP', heap);
  const names = cursor.u64(heap + 24);
  const namesEnd = names + cursor.u64(heap + 8);
  const root = cursor.address(offset);
  if (root === undefined) return;
  visitTree(cursor, root, {
    type: 0,
    keyBytes: 8,
    onLeaf: (_, leaf) => {
      cursor.expectSignature('SNOD', leaf);
      for (let i = 0; i < cursor.u16(leaf + 6); i++) {
        const entry = leaf + 8 + 40 * i;
        cursor.spendWork(entry);
        if (cursor.u32(entry + 16) === SYMBOLIC_LINK)
          cursor.fail('a symbolic link, which is not supported', entry);
        links.set(cursor.text(names + cursor.u64(entry), namesEnd), cursor.u64(entry + 8));
      }
    },
  });
}

/** Groups of HDF5 1.8 and later: one message per link. */
function readLink(cursor: Cursor, offset: number, links: Map<string, number>): void {
  const flags = cursor.u8(offset + 1);
  const hasType = (flags & 8) !== 0;
  if (hasType && cursor.u8(offset + 2) !== 0) cursor.fail('an external link, which is not supported', offset);
  const lengthOffset = offset + 2 + (hasType ? 1 : 0) + (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
  const nameOffset = lengthOffset + (1 << (flags & 3));
  const nameEnd = nameOffset + readSized(cursor, lengthOffset, flags & 3);
  links.set(cursor.text(nameOffset, nameEnd), cursor.u64(nameEnd));
}
