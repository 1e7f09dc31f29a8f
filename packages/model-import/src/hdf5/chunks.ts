import { visitTree } from './b-tree.js';
import type { Cursor } from './cursor.js';
import { elementCount, type Datatype } from './datatype.js';
import { reverseFilters, type Filter } from './filters.js';

interface Chunk {
  readonly offset: number;
  /** Bytes in the file. */
  readonly length: number;
  /** A set bit i means that filter i was skipped. */
  readonly filterMask: number;
  /** The position of its first element in the array. */
  readonly origin: readonly number[];
}

interface ChunkedArray {
  readonly shape: readonly number[];
  readonly datatype: Datatype;
  readonly filters: readonly Filter[];
  readonly path: string;
}

/** The bytes of a chunked array, row-major. `layout` is the offset of a layout message of version 3. */
export function readChunks(cursor: Cursor, layout: number, array: ChunkedArray): Uint8Array {
  const { shape, datatype, filters, path } = array;
  const chunkShape = readChunkShape(cursor, layout, array);
  const chunks = readChunkIndex(cursor, layout, shape.length);
  const expectedCount = elementCount(shape.map((length, axis) => Math.ceil(length / chunkShape[axis])));
  const isInside = ({ origin }: Chunk) =>
    origin.every((start, axis) => start < shape[axis] && start % chunkShape[axis] === 0);
  const origins = new Set(chunks.filter(isInside).map(({ origin }) => origin.join()));
  if (origins.size < expectedCount)
    cursor.fail(`the array ${path} with ${origins.size} of its ${expectedCount} chunks`, layout);

  const size = datatype.size * elementCount(shape);
  const chunkSize = datatype.size * elementCount(chunkShape);
  cursor.spendMemory(layout, size);
  const values = new Uint8Array(size);
  for (const { offset, length, filterMask, origin } of chunks) {
    cursor.spendWork(offset, length);
    cursor.spendMemory(offset, chunkSize);
    const packed = cursor.slice(offset, length);
    const bytes = reverseFilters(cursor, offset, { bytes: packed, filters, filterMask, size: chunkSize });
    if (bytes.length !== chunkSize)
      cursor.fail(`a chunk of ${path} of ${bytes.length} bytes, not ${chunkSize}`, offset);
    copyChunk(bytes, values, { shape, chunkShape, origin, elementSize: datatype.size });
  }
  return values;
}

function readChunkShape(cursor: Cursor, layout: number, { shape, path }: ChunkedArray): number[] {
  const rank = cursor.u8(layout + 2) - 1;
  if (rank !== shape.length)
    cursor.fail(`the array ${path} of ${shape.length} dimensions in chunks of ${rank}`, layout);
  const chunkShape = shape.map((_, axis) => cursor.u32(layout + 11 + 4 * axis));
  if (chunkShape.includes(0)) cursor.fail(`the array ${path} in chunks of size 0`, layout);
  return chunkShape;
}

/** The chunks in the B-tree of an array; none if nothing was written. */
function readChunkIndex(cursor: Cursor, layout: number, rank: number): Chunk[] {
  const root = cursor.address(layout + 3);
  const chunks: Chunk[] = [];
  if (root === undefined) return chunks;
  visitTree(cursor, root, {
    type: 1,
    keyBytes: 8 + 8 * (rank + 1),
    onLeaf: (key, offset) => {
      const origin = Array.from({ length: rank }, (_, axis) => cursor.u64(key + 8 + 8 * axis));
      chunks.push({ offset, length: cursor.u32(key), filterMask: cursor.u32(key + 4), origin });
    },
  });
  return chunks;
}

interface ChunkPlacement {
  readonly shape: readonly number[];
  readonly chunkShape: readonly number[];
  readonly origin: readonly number[];
  /** Bytes per element. */
  readonly elementSize: number;
}

/** Copies a chunk into its array, row by row, without its elements past the edges of the array. */
function copyChunk(
  chunk: Uint8Array,
  array: Uint8Array,
  { shape, chunkShape, origin, elementSize }: ChunkPlacement,
): void {
  const lengthInside = (axis: number) => Math.min(chunkShape[axis], shape[axis] - origin[axis]);
  /** `from` and `to` are element indices in the chunk and in the array. */
  const copyElements = (from: number, to: number, count: number) =>
    array.set(chunk.subarray(from * elementSize, (from + count) * elementSize), to * elementSize);
  /** `from` and `to` are the row-major indices over the axes before `axis`. */
  const copyAxis = (axis: number, from: number, to: number): void => {
    const count = lengthInside(axis);
    const firstFrom = from * chunkShape[axis];
    const firstTo = to * shape[axis] + origin[axis];
    if (axis === shape.length - 1) {
      if (count > 0) copyElements(firstFrom, firstTo, count);
    } else for (let i = 0; i < count; i++) copyAxis(axis + 1, firstFrom + i, firstTo + i);
  };
  if (shape.length === 0) copyElements(0, 0, 1);
  else copyAxis(0, 0, 0);
}
