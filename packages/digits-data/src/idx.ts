import type { ByteReader } from '@convlens/image-set/files';

/** Bytes without a sign: what all files of MNIST hold. */
const UNSIGNED_BYTE = 8;

/**
 * Reads the head of an IDX file (LeCun): two zeros, a type, the number of dimensions, then each dimension as a big-endian
 * integer.
 *
 * @throws InputError if it is none of unsigned bytes with so many dimensions.
 */
export async function readIdxHead(reader: ByteReader, dimensions: number): Promise<number[]> {
  const magic = [0, 0, UNSIGNED_BYTE, dimensions];
  const found = [...(await reader.read(4, 'an IDX head'))];
  if (found.some((byte, i) => byte !== magic[i]))
    throw reader.wrong(`the IDX head ${magic.join(' ')}`, found.join(' '), 0);
  const head = await reader.read(4 * dimensions, 'dimensions');
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  return Array.from({ length: dimensions }, (_, i) => view.getUint32(4 * i));
}
