import { expectInteger } from '@convlens/core';
import type { Size } from '../codecs/resize.js';
import type { ReadImage } from '../containers/image-records.js';
import type { FolderLayout } from '../layout/folder-layout.js';
import type { ImageFile } from '../layout/image-file.js';

/** So many images are looked at, evenly spread over the training images. */
const SAMPLE_COUNT = 50;
/** Larger images are usually not trained on at their size. */
const MAX_SIDE = 64;

/** The size that is asked for, of one side a square; undefined if none is. */
export function sizeOf({ height, width }: Partial<Size>): Size | undefined {
  const side = height ?? width;
  if (side === undefined) return undefined;
  const size = { height: height ?? side, width: width ?? side };
  expectInteger('height', size.height, { min: 1 });
  expectInteger('width', size.width, { min: 1 });
  return size;
}

/** Some training images, or test images where there are no others. */
export function sampleFiles({ splits: { train, validation, test } }: FolderLayout): ImageFile[] {
  const files = [train, test, validation].find(({ length }) => length > 0) ?? [];
  const count = Math.min(files.length, SAMPLE_COUNT);
  return Array.from({ length: count }, (_, i) => files[Math.floor((i * files.length) / count)]);
}

/** The size that most images have, with sides of at most 64; of equally frequent sizes that of the earlier image. */
export async function commonSize(images: AsyncIterable<ReadImage>): Promise<Size> {
  const counts = new Map<string, { count: number; first: number; size: Size }>();
  for await (const { position, image } of images) {
    const size = { height: Math.min(image.height, MAX_SIDE), width: Math.min(image.width, MAX_SIDE) };
    const key = `${size.height}x${size.width}`;
    const { count = 0, first = position } = counts.get(key) ?? {};
    counts.set(key, { size, count: count + 1, first: Math.min(first, position) });
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count || a.first - b.first);
  return most?.size ?? { height: MAX_SIDE, width: MAX_SIDE };
}
