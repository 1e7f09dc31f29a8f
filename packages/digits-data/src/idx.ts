import type { ByteReader } from '@convlens/formats';

/** The code of the only element type in the files of MNIST. */
const UNSIGNED_BYTE = 8;

/**
 * Reads the header of an IDX file (LeCun): two zeros, the element type, the number of dimensions, then each dimension as a
 * big-endian integer.
 *
 * @throws InputError if it is not the header of unsigned bytes with `rank` dimensions.
 */
export async function readIdxHeader(reader: ByteReader, rank: number): Promise<number[]> {
  const expected = [0, 0, UNSIGNED_BYTE, rank];
  const magic = [...(await reader.read(4, 'an IDX header'))];
  if (magic.some((byte, i) => byte !== expected[i]))
    throw reader.error(`the IDX header ${expected.join(' ')}`, magic.join(' '), 0);
  const dimensions = await reader.read(4 * rank, 'dimensions');
  const view = new DataView(dimensions.buffer, dimensions.byteOffset, dimensions.length);
  return Array.from({ length: rank }, (_, i) => view.getUint32(4 * i));
}
