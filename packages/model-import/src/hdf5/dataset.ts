import { readChunks } from './chunks.js';
import type { Cursor } from './cursor.js';
import { elementCount, readDataspace, readDatatype, type Datatype } from './datatype.js';
import { readFilters } from './filters.js';
import { readNumbers } from './numbers.js';
import { DATASPACE, DATATYPE, FILTERS, LAYOUT, type Message } from './object-header.js';

const COMPACT = 0;
const CHUNKED = 2;

const NUMBER_KINDS: readonly Datatype['kind'][] = ['float', 'integer', 'unsigned-integer'];
const NUMBER_SIZES = [1, 2, 4, 8];

/** The object header of a dataset. */
interface Dataset {
  readonly path: string;
  readonly offset: number;
  readonly messages: readonly Message[];
}

/** The numbers of a dataset as float32, row-major. */
export function readDataset(cursor: Cursor, { path, offset, messages }: Dataset): Float32Array {
  const find = (type: number) => messages.find((message) => message.type === type);
  const [space, type, layout] = [DATASPACE, DATATYPE, LAYOUT].map(find);
  if (!space || !type || !layout) return cursor.fail(`no array in ${path || 'the root'}`, offset);
  const datatype = readDatatype(cursor, type.offset);
  if (!NUMBER_KINDS.includes(datatype.kind) || !NUMBER_SIZES.includes(datatype.size))
    cursor.fail(`the array ${path}, whose elements are neither integers nor IEEE floats,`, type.offset);
  const shape = readDataspace(cursor, space.offset) ?? [0];
  if (elementCount(shape) * datatype.size === 0) return new Float32Array(0);

  const [version, layoutClass] = [cursor.u8(layout.offset), cursor.u8(layout.offset + 1)];
  if (version !== 3 && version !== 4) cursor.fail(`a layout of version ${version}`, layout.offset);
  if (layoutClass > CHUNKED || (layoutClass === CHUNKED && version !== 3))
    cursor.fail(`the array ${path} in a layout of newer versions, which is not supported`, layout.offset);
  const filters = find(FILTERS)?.offset;
  if (layoutClass === CHUNKED) {
    const array = { path, shape, datatype, filters: readFilters(cursor, filters) };
    return readNumbers(readChunks(cursor, layout.offset, array), datatype);
  }
  if (filters !== undefined) cursor.fail(`the array ${path}, compressed but not in chunks,`, offset);
  return readNumbers(readContiguous(cursor, layout.offset, { path, shape, datatype }), datatype);
}

/** The bytes of an array in one piece, either in the layout message itself (compact) or elsewhere. */
function readContiguous(
  cursor: Cursor,
  layout: number,
  { path, shape, datatype }: { path: string; shape: readonly number[]; datatype: Datatype },
): Uint8Array {
  const size = datatype.size * elementCount(shape);
  const isCompact = cursor.u8(layout + 1) === COMPACT;
  const address = isCompact ? layout + 4 : cursor.address(layout + 2);
  const storedSize = isCompact ? cursor.u16(layout + 2) : cursor.u64(layout + 10);
  if (address === undefined || storedSize < size)
    return cursor.fail(
      `the array ${path} of ${size} bytes, of which ${address ? storedSize : 0} are stored,`,
      layout,
    );
  cursor.spendWork(address, size);
  return cursor.slice(address, size);
}
