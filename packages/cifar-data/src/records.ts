import type { ByteReader } from '@convlens/image-set/files';
import { IMAGE_BYTES, interleave, wordsOf } from './planes.js';
import type { Decoded, LabelKind } from './decoded.js';

/** So many records are read and decoded at a time; they are about a mebibyte. */
export const BLOCK = 340;

/**
 * Decodes binary records: their labels, one byte each, then 32 x 32 red, green and blue values. Fills the arrays, which
 * say how many there are.
 */
export async function decodeRecords(
  reader: ByteReader,
  { kinds, labels, pixels }: { kinds: readonly LabelKind[] } & Decoded,
): Promise<void> {
  const size = kinds.length + IMAGE_BYTES;
  const count = pixels.length / IMAGE_BYTES;
  const words = wordsOf(pixels);
  for (let done = 0; done < count; done += BLOCK) {
    const records = Math.min(BLOCK, count - done);
    const start = reader.position;
    const bytes = await reader.read(records * size, 'records');
    for (let r = 0, at = 0; r < records; r++, at += size) {
      for (let k = 0; k < kinds.length; k++) {
        const label = bytes[at + k];
        if (label >= kinds[k].classes)
          throw reader.wrong(
            `a ${kinds[k].name} from 0 to ${kinds[k].classes - 1} in record ${done + r}`,
            String(label),
            start + at + k,
          );
        labels[k][done + r] = label;
      }
      interleave(bytes, { from: at + kinds.length, pixels: words, to: (done + r) * IMAGE_BYTES });
    }
  }
}
