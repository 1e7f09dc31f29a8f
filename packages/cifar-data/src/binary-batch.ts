import type { ByteReader } from '@convlens/formats';
import type { DecodedImages, LabelColumn } from './decoded-images.js';
import { IMAGE_BYTES, interleave, wordsOf } from './interleave.js';

/** The number of images that are read and decoded at a time: about a mebibyte. */
export const IMAGES_PER_READ = 340;

/** The size of a record: a byte per label, then the planes of the image. */
export const recordBytes = (columns: readonly LabelColumn[]): number => columns.length + IMAGE_BYTES;

/**
 * Decodes the first records of a binary batch, as many as the arrays hold.
 *
 * @throws InputError if a label is out of range or the file ends early.
 */
export async function decodeBinaryBatch(
  reader: ByteReader,
  { columns, labels, pixels }: { columns: readonly LabelColumn[] } & DecodedImages,
): Promise<void> {
  const size = recordBytes(columns);
  const count = pixels.length / IMAGE_BYTES;
  const words = wordsOf(pixels);
  for (let done = 0; done < count; done += IMAGES_PER_READ) {
    const records = Math.min(IMAGES_PER_READ, count - done);
    const start = reader.position;
    const bytes = await reader.read(records * size, 'records');
    for (let i = 0; i < records; i++) {
      const offset = i * size;
      columns.forEach(({ name, classCount }, column) => {
        const label = bytes[offset + column];
        if (label >= classCount)
          throw reader.error(
            `a ${name} from 0 to ${classCount - 1} in record ${done + i}`,
            String(label),
            start + offset + column,
          );
        labels[column][done + i] = label;
      });
      interleave(bytes, { from: offset + columns.length, pixels: words, to: (done + i) * IMAGE_BYTES });
    }
  }
}
