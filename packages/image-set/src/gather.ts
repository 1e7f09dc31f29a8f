import type { ImageSet, Images } from '@convlens/core';

/** The pixels of the images that `indices` names, one after the other, in an array of the same kind. */
export function gatherPixels(images: Images, indices: ArrayLike<number>): Uint8Array | Float32Array {
  const { pixels, height, width, channels } = images;
  const size = height * width * channels;
  const length = indices.length * size;
  const gathered = pixels instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  for (let i = 0; i < indices.length; i++)
    gathered.set(pixels.subarray(indices[i] * size, (indices[i] + 1) * size), i * size);
  return gathered;
}

/** What of `labels` belongs to the images that `indices` names. */
export function gatherLabels(labels: Int32Array, indices: ArrayLike<number>): Int32Array {
  return Int32Array.from(indices, (index) => labels[index]);
}

/** Images `start` (included) to `end` (not included) as views: no pixel is copied. */
export function slice(set: ImageSet, start: number, end: number): ImageSet {
  const size = set.height * set.width * set.channels;
  return {
    ...set,
    count: end - start,
    pixels: set.pixels.subarray(start * size, end * size),
    ...(set.labels && { labels: set.labels.subarray(start, end) }),
    ...(set.coarseLabels && { coarseLabels: set.coarseLabels.subarray(start, end) }),
  };
}
