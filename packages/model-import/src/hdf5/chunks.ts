import type { Cursor } from './cursor.js';
import { unfilter, type Filter } from './filters.js';
import { countOf, type ElementType } from './values.js';

interface Chunk {
  readonly at: number;
  /** Bytes in the file. */
  readonly length: number;
  readonly mask: number;
  /** Its first element's place in the array. */
  readonly offset: readonly number[];
}

interface ChunkedArray {
  readonly shape: readonly number[];
  readonly element: ElementType;
  readonly filters: readonly Filter[];
  readonly path: string;
}

/** The bytes of an array that lies in chunks, row-major: a layout message of version 3, whose index is a B-tree. */
export function readChunks(
  cursor: Cursor,
  layout: number,
  { shape, element, filters, path }: ChunkedArray,
): Uint8Array {
  const rank = cursor.u8(layout + 2) - 1;
  const root = cursor.address(layout + 3);
  if (rank !== shape.length)
    cursor.fail(`the array ${path} of ${shape.length} dimensions in chunks of ${rank}`, layout);
  const extent = shape.map((_, axis) => cursor.u32(layout + 11 + 4 * axis));
  if (extent.includes(0)) cursor.fail(`the array ${path} in chunks without extent`, layout);
  const chunks = root === undefined ? [] : readTree(cursor, root, rank);
  const wanted = countOf(shape.map((length, axis) => Math.ceil(length / extent[axis])));
  if (chunks.length < wanted)
    cursor.fail(`the array ${path} with ${chunks.length} of its ${wanted} chunks`, layout);

  const size = element.size * countOf(shape);
  const chunkSize = element.size * countOf(extent);
  cursor.unfold(layout, size);
  const array = new Uint8Array(size);
  for (const { at, length, mask, offset } of chunks) {
    cursor.visit(at, length);
    cursor.unfold(at, chunkSize);
    const bytes = unfilter(cursor, at, { bytes: cursor.slice(at, length), filters, mask, size: chunkSize });
    if (bytes.length !== chunkSize)
      cursor.fail(`a chunk of ${path} of ${bytes.length} bytes, not ${chunkSize}`, at);
    place(bytes, array, { shape, extent, offset, element });
  }
  return array;
}

/** The leaves of a B-tree of version 1 whose keys are chunks. */
function readTree(cursor: Cursor, root: number, rank: number): Chunk[] {
  const chunks: Chunk[] = [];
  const keySize = 8 + 8 * (rank + 1);
  const visit = (node: number, depth: number): void => {
    cursor.visit(node);
    if (depth > 32) cursor.fail('a tree that is too deep', node);
    cursor.expectSignature('TREE', node);
    if (cursor.u8(node + 4) !== 1) cursor.fail('a tree that holds no chunks', node);
    const level = cursor.u8(node + 5);
    for (let i = 0; i < cursor.u16(node + 6); i++) {
      const key = node + 24 + i * (keySize + 8);
      const child = cursor.u64(key + keySize);
      cursor.visit(key);
      if (level > 0) {
        visit(child, depth + 1);
        continue;
      }
      const offset = Array.from({ length: rank }, (_, axis) => cursor.u64(key + 8 + 8 * axis));
      chunks.push({ at: child, length: cursor.u32(key), mask: cursor.u32(key + 4), offset });
    }
  };
  visit(root, 0);
  return chunks;
}

/** Copies a chunk to its place, row by row; what of it reaches past the array's edges is left out. */
function place(
  bytes: Uint8Array,
  array: Uint8Array,
  {
    shape,
    extent,
    offset,
    element: { size },
  }: { shape: readonly number[]; extent: readonly number[]; offset: readonly number[]; element: ElementType },
): void {
  const inside = (axis: number) => Math.min(extent[axis], shape[axis] - offset[axis]);
  const copy = (axis: number, from: number, to: number): void => {
    if (axis >= shape.length - 1) {
      const row = shape.length ? inside(axis) : 1;
      const start = shape.length ? to * shape[axis] + offset[axis] : 0;
      const first = (shape.length ? from * extent[axis] : 0) * size;
      if (row > 0) array.set(bytes.subarray(first, first + row * size), start * size);
      return;
    }
    for (let i = 0; i < inside(axis); i++)
      copy(axis + 1, from * extent[axis] + i, to * shape[axis] + offset[axis] + i);
  };
  copy(0, 0, 0);
}
