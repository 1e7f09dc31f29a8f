import { unzlibSync } from 'fflate';
import type { Cursor } from './cursor.js';

/** One step that the bytes of a chunk went through, in the order of writing. */
export interface Filter {
  readonly id: number;
  readonly values: readonly number[];
}

const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER32 = 3;
/** Numbers from here on are those of plugins, which have a name. */
const PLUGINS = 256;

/** The filter pipeline at an address, of version 1 or 2; none where there is no address. */
export function readFilters(cursor: Cursor, at: number | undefined): Filter[] {
  if (at === undefined) return [];
  const [version, count] = [cursor.u8(at), cursor.u8(at + 1)];
  if (version !== 1 && version !== 2) cursor.fail(`a filter pipeline of version ${version}`, at);
  let next = at + (version === 1 ? 8 : 2);
  return Array.from({ length: count }, () => {
    const id = cursor.u16(next);
    const isNamed = version === 1 || id >= PLUGINS;
    const nameLength = isNamed ? cursor.u16(next + 2) : 0;
    const values = cursor.u16(next + (isNamed ? 6 : 4));
    const first = next + (isNamed ? 8 : 6) + (version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength);
    next = first + 4 * (version === 1 ? values + (values % 2) : values);
    cursor.visit(first, 1 + values);
    return { id, values: Array.from({ length: values }, (_, i) => cursor.u32(first + 4 * i)) };
  });
}

/** The bytes of a chunk before its filters, of which `mask` says which were left out; at most `size` bytes. */
export function unfilter(
  cursor: Cursor,
  at: number,
  {
    bytes,
    filters,
    mask,
    size,
  }: { bytes: Uint8Array; filters: readonly Filter[]; mask: number; size: number },
): Uint8Array {
  return filters.reduceRight((found, { id, values }, i) => {
    if (mask & (1 << i)) return found;
    if (id === SHUFFLE) return unshuffle(found, values[0] || 1);
    // A sum of its bytes stands at its end.
    if (id === FLETCHER32) return found.subarray(0, Math.max(0, found.length - 4));
    if (id !== DEFLATE) return cursor.fail(`an array compressed by filter ${id}; only gzip is read`, at);
    try {
      // A stream that is longer than that is cut off there.
      return unzlibSync(found, { out: new Uint8Array(size) });
    } catch (error) {
      return cursor.fail(`a chunk that is no zlib data (${(error as Error).message})`, at);
    }
  }, bytes);
}

/** From all first bytes of the elements, all second ones ... to element after element. */
function unshuffle(bytes: Uint8Array, size: number): Uint8Array {
  const count = Math.floor(bytes.length / size);
  const found = bytes.slice();
  for (let part = 0; part < size; part++)
    for (let i = 0; i < count; i++) found[i * size + part] = bytes[part * count + i];
  return found;
}
