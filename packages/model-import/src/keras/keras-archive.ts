import { InputError } from '@convlens/core';
import { describeFile, readZip } from '@convlens/formats';

const ARCHIVE_ENTRIES = ['config.json', 'model.weights.h5'] as const;
const METADATA = 'metadata.json';

/** The entries of a .keras file that are read. */
export type KerasArchive = Record<(typeof ARCHIVE_ENTRIES)[number], Uint8Array> &
  Partial<Record<typeof METADATA, Uint8Array>>;

/** The default limit of an entry: this many bytes, or this many times the size of the file. */
const MIN_LIMIT_BYTES = 2 ** 26;
const LIMIT_PER_BYTE = 4;

/**
 * Unpacks a .keras file (a zip of Keras 3). Other entries are ignored.
 *
 * @throws InputError if the file is damaged, an entry is missing, or an entry would unpack to more than
 * `maxBytes`; the limit is checked before memory is allocated.
 */
export function unpackKerasArchive(
  bytes: Uint8Array,
  {
    file,
    maxBytes = Math.max(MIN_LIMIT_BYTES, LIMIT_PER_BYTE * bytes.length),
  }: { file: string; maxBytes?: number },
): KerasArchive {
  const files = readZip(bytes, { name: file, maxBytes, entries: [...ARCHIVE_ENTRIES, METADATA] });
  for (const name of ARCHIVE_ENTRIES)
    if (!files.has(name))
      throw new InputError(
        `Expected ${file} to hold ${ARCHIVE_ENTRIES.join(' and ')}, found no ${name}: ` +
          `it is not a .keras file but ${describeFile(bytes)}`,
      );
  return Object.fromEntries(files) as KerasArchive;
}
