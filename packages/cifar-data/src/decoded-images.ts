import { IMAGE_BYTES } from './interleave.js';

/** A label that each image of a data set has. */
export interface LabelColumn {
  /** The name in messages. */
  readonly name: string;
  readonly classCount: number;
  /** The key in Python batches. */
  readonly key: string;
}

/** Arrays of decoded images. */
export interface DecodedImages {
  /** One array per label column. */
  readonly labels: readonly Int32Array[];
  /** count x 32 x 32 x 3. */
  readonly pixels: Uint8Array;
}

/** Arrays for `count` images. */
export const allocateImages = (count: number, columns: number): DecodedImages => ({
  labels: Array.from({ length: columns }, () => new Int32Array(count)),
  pixels: new Uint8Array(count * IMAGE_BYTES),
});

/** Views of `count` images from `start` on. */
export const imageRange = (
  { labels, pixels }: DecodedImages,
  start: number,
  count: number,
): DecodedImages => ({
  labels: labels.map((column) => column.subarray(start, start + count)),
  pixels: pixels.subarray(start * IMAGE_BYTES, (start + count) * IMAGE_BYTES),
});

/** The images of all parts, one part after the other, at most `limit`. */
export function concatImages(parts: readonly DecodedImages[], limit: number): DecodedImages {
  const total = parts.reduce((sum, { labels }) => sum + labels[0].length, 0);
  const all = allocateImages(Math.min(limit, total), parts[0].labels.length);
  let start = 0;
  for (const part of parts) {
    const count = Math.min(part.labels[0].length, all.labels[0].length - start);
    const { labels, pixels } = imageRange(part, 0, count);
    labels.forEach((column, i) => all.labels[i].set(column, start));
    all.pixels.set(pixels, start * IMAGE_BYTES);
    start += count;
  }
  return all;
}
