import type { Cursor } from './cursor.js';

const MAX_DEPTH = 32;
const HEADER_BYTES = 24;
const ADDRESS_BYTES = 8;

export interface TreeOptions {
  /** 0 for the links of groups, 1 for the chunks of arrays. */
  readonly type: 0 | 1;
  /** The size of the key before each address. */
  readonly keyBytes: number;
  /** Called for each child of the lowest nodes, in order, with the offset of its key and with its address. */
  readonly onLeaf: (key: number, address: number) => void;
}

/** Visits the leaves of a B-tree of version 1. */
export function visitTree(cursor: Cursor, root: number, { type, keyBytes, onLeaf }: TreeOptions): void {
  const visit = (node: number, depth: number): void => {
    cursor.spendWork(node);
    if (depth > MAX_DEPTH) cursor.fail('a tree that is too deep', node);
    cursor.expectSignature('TREE', node);
    const actualType = cursor.u8(node + 4);
    if (actualType !== type) cursor.fail(`a tree of type ${actualType} in place of ${type}`, node);
    const level = cursor.u8(node + 5);
    for (let i = 0; i < cursor.u16(node + 6); i++) {
      const key = node + HEADER_BYTES + i * (keyBytes + ADDRESS_BYTES);
      const child = cursor.u64(key + keyBytes);
      cursor.spendWork(key);
      if (level > 0) visit(child, depth + 1);
      else onLeaf(key, child);
    }
  };
  visit(root, 0);
}
