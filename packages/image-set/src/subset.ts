import { expectImages, expectInteger, expectOneOf, InputError, type ImageSet } from '@convlens/core';
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

/**
 * The images of the named classes, in the order of the set, copied. Labels and class names stay as they are, so that what
 * a model says of them still fits.
 *
 * @throws InputError if the set has no labels or no class of such a name.
 */
export function ofClasses(set: ImageSet, names: readonly string[]): ImageSet {
  expectImages('set', set);
  const { labels, classNames } = set;
  if (!labels) throw new InputError(`Expected ${set.name} to have labels, got none`);
  const wanted = new Set(names.map((name) => classNames.indexOf(expectOneOf('class', name, classNames))));
  return subset(
    set,
    Array.from(labels.keys()).filter((i) => wanted.has(labels[i])),
  );
}
