import type { ImageSet } from '@convlens/core';

/** Images `start` (included) to `end` (excluded), as views on the arrays of the set: no pixel is copied. */
export function sliceImages(set: ImageSet, start: number, end: number): ImageSet {
  const size = set.height * set.width * set.channels;
  return {
    ...set,
    count: end - start,
    pixels: set.pixels.subarray(start * size, end * size),
    ...(set.labels && { labels: set.labels.subarray(start, end) }),
    ...(set.coarseLabels && { coarseLabels: set.coarseLabels.subarray(start, end) }),
  };
}
