import { InputError } from '@convlens/core';
import type { CompressionCodec, Compressors } from 'hyparquet';

/** Those that hyparquet reads itself. */
const BUILT_IN: readonly CompressionCodec[] = ['UNCOMPRESSED', 'SNAPPY'];

/**
 * The decompressors that the columns of a file need; a package with them is loaded where Snappy does not do.
 *
 * @throws InputError for a codec that is not read
 */
export async function parquetCompressors(
  codecs: Iterable<CompressionCodec>,
  name: string,
): Promise<Compressors> {
  const needed = [...new Set(codecs)].filter((codec) => !BUILT_IN.includes(codec));
  if (needed.length === 0) return {};
  const { decompressGzip, decompressZstd, decompressBrotli } = await import('hyparquet-compressors');
  const known: Compressors = {
    GZIP: decompressGzip,
    ZSTD: (input, bytes) => decompressZstd(input, new Uint8Array(bytes)),
    BROTLI: decompressBrotli,
  };
  const unknown = needed.find((codec) => known[codec] === undefined);
  if (unknown !== undefined)
    throw new InputError(
      `Expected ${name} to be packed by Snappy, GZIP, ZSTD or Brotli, got ${unknown}: write it again with one of them`,
    );
  return Object.fromEntries(needed.map((codec) => [codec, known[codec]]));
}
