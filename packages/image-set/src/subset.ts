import { expectImages, expectInteger, InputError, type ImageSet } from '@convlens/core';
import { gatherLabels, gatherPixels, slice } from './gather.js';

/**
 * The images of `set` that `indices` names, in that order, copied into a new set. An index may come twice.
 *
 * @throws InputError if an index is not that of an image, saying which.
 */
export function subset(set: ImageSet, indices: ArrayLike<number>): ImageSet {
  expectImages('set', set);
  for (let i = 0; i < indices.length; i++)
    if (!(Number.isInteger(indices[i]) && indices[i] >= 0 && indices[i] < set.count))
      throw new InputError(
        `Expected indices[${i}] to be an integer from 0 to ${set.count - 1}, got ${indices[i]}`,
      );
  return {
    ...set,
    count: indices.length,
    pixels: gatherPixels(set, indices),
    ...(set.labels && { labels: gatherLabels(set.labels, indices) }),
    ...(set.coarseLabels && { coarseLabels: gatherLabels(set.coarseLabels, indices) }),
  };
}

/**
 * The first `count` images of `set`, as views on its arrays: no pixel is copied.
 *
 * @throws InputError if the set has fewer.
 */
export function take(set: ImageSet, count: number): ImageSet {
  expectImages('set', set);
  return slice(set, 0, expectInteger('count', count, { max: set.count }));
}
