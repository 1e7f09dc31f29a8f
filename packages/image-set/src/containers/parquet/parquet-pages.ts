import { InputError } from '@convlens/core';
import { crc32, type RandomAccess } from '@convlens/formats';
import type { ColumnMetaData, RowGroup } from 'hyparquet';
import { readPageHeader, type PageHeader } from './page-headers.js';

/** The most bytes of a column in a row group, packed or not, which is in memory as a whole. */
const MAX_COLUMN_BYTES = 2 ** 31 - 1;

/** What a page may unpack to: data that packs better than GZIP can is small. */
const FREE_PAGE_BYTES = 2 ** 26;
const MAX_RATIO = 1100;

const DICTIONARY = 2;
const DATA = [0, 3];

/**
 * Verifies the pages of a column in a row group before they are decoded: sizes, numbers of values, and CRC-32s where there are any.
 *
 * @throws InputError if they contradict the directory of the file
 */
export async function expectPages(
  file: RandomAccess,
  { columns, num_rows }: RowGroup,
  path: readonly string[],
): Promise<void> {
  const title = `${path.join('.')} in ${file.name}`;
  const meta = columns.find(
    ({ meta_data }) => meta_data?.path_in_schema.join('.') === path.join('.'),
  )?.meta_data;
  if (!meta) throw new InputError(`Expected the column ${title} in each row group, found one without it`);
  const { start, end } = rangeOf(meta, file, title);
  const bytes = await file.read(start, end);
  const rows = Number(num_rows);
  let values = 0;
  for (let position = 0; position < bytes.length;) {
    const header = headerAt(bytes, position, title);
    if (DATA.includes(header.type)) values += header.values;
    if (values > rows)
      throw new InputError(`Expected ${rows} values of the column ${title} in a row group, got more`);
    position = header.end + header.packedBytes;
  }
  if (values !== rows)
    throw new InputError(`Expected ${rows} values of the column ${title} in a row group, got ${values}`);
}

/** The bytes of a column, from its dictionary to its last page. */
function rangeOf(
  {
    dictionary_page_offset,
    data_page_offset,
    total_compressed_size,
    total_uncompressed_size,
  }: ColumnMetaData,
  file: RandomAccess,
  title: string,
): { start: number; end: number } {
  const start = Number(dictionary_page_offset || data_page_offset);
  const size = Number(total_compressed_size);
  const isInside = start >= 4 && size > 0 && start + size <= file.bytes;
  if (!isInside)
    throw new InputError(
      `Expected the column ${title} inside of the file, got ${size} bytes at byte ${start}`,
    );
  const largest = Math.max(size, Number(total_uncompressed_size));
  if (!(largest <= MAX_COLUMN_BYTES))
    throw new InputError(
      `Expected at most ${MAX_COLUMN_BYTES} bytes of the column ${title} in a row group, got ${largest}: write the file with smaller ` +
        'row groups',
    );
  return { start, end: start + size };
}

function headerAt(bytes: Uint8Array, position: number, title: string): PageHeader {
  const fail = (message: string) => new InputError(`Expected pages of the column ${title}, found ${message}`);
  let header: PageHeader;
  try {
    header = readPageHeader(bytes, position);
  } catch (error) {
    throw fail((error as Error).message);
  }
  const { type, packedBytes, unpackedBytes, values, crc, end } = header;
  if (![...DATA, DICTIONARY].includes(type)) throw fail(`one of the type ${type}`);
  if (packedBytes < 0 || end + packedBytes > bytes.length || values < 0)
    throw fail(`one of ${packedBytes} bytes with ${values} values behind the end of the column`);
  if (unpackedBytes < 0 || unpackedBytes > FREE_PAGE_BYTES + MAX_RATIO * packedBytes)
    throw fail(`one of ${packedBytes} bytes that unpacks to ${unpackedBytes}`);
  // Each value of a dictionary takes space of its own.
  if (type === DICTIONARY && values > unpackedBytes)
    throw fail(`a dictionary of ${values} values in ${unpackedBytes} bytes`);
  if (crc !== undefined && crc32(bytes.subarray(end, end + packedBytes)) !== crc)
    throw fail('one with another CRC-32: the file is damaged; download or copy it again');
  return header;
}
