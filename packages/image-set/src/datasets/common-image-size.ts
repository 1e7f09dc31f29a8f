import { expectFields } from '@convlens/core';
import { expectReader, type BlobReader } from '@convlens/storage';
import { readImage } from '../codecs/decode-image.js';
import type { Size } from '../codecs/resize.js';
import type { FolderLayout } from '../layout/folder-layout.js';

/** So many images are looked at, evenly spread over the training images. */
const SAMPLE_COUNT = 50;
/** Larger images are usually not trained on at their size. */
const MAX_SIDE = 64;

/**
 * The size that most images of a folder have, with sides of at most 64: what `loadFolder` resizes to by default. At most 50 training images are
 * read, or test images where there are no others; of equally frequent sizes it is that of the earlier image.
 *
 * @throws InputError if one of these files cannot be decoded.
 */
export async function commonImageSize(reader: BlobReader, layout: FolderLayout): Promise<Size> {
  expectReader('reader', reader);
  expectFields('FolderLayout', 'layout', layout, { splits: 'object' });
  const { train, validation, test } = layout.splits;
  const files = [train, test, validation].find(({ length }) => length > 0) ?? [];
  const step = Math.max(1, files.length / SAMPLE_COUNT);
  const counts = new Map<string, { count: number; size: Size }>();
  for (let at = 0; at < files.length; at += step) {
    const { name } = files[Math.floor(at)];
    const bytes = await reader.read(name);
    if (!bytes) continue;
    const { height, width } = await readImage(bytes, { name: `${reader.location}/${name}` });
    const size = { height: Math.min(height, MAX_SIDE), width: Math.min(width, MAX_SIDE) };
    const key = `${size.height}x${size.width}`;
    counts.set(key, { size, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
  return most?.size ?? { height: MAX_SIDE, width: MAX_SIDE };
}
