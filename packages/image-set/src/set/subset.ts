import {
  expectList,
  expectNumbers,
  expectImages,
  expectInteger,
  expectOneOf,
  InputError,
  selectImages,
  type ImageSet,
} from '@convlens/core';
import { sliceImages } from './slice-images.js';

/**
 * Copies of the images at some indices, in that order, as a new set. An index may occur twice.
 *
 * @throws InputError if an index is not that of an image.
 */
export function subset(set: ImageSet, indices: ArrayLike<number>): ImageSet {
  expectNumbers('indices', indices);
  expectImages('set', set);
  const { count, pixels, labels, coarseLabels } = selectImages(set, indices);
  return { ...set, count, pixels, ...(labels && { labels }), ...(coarseLabels && { coarseLabels }) };
}

/**
 * The first `count` images, as views on the arrays of the set: no pixel is copied.
 *
 * @throws InputError if the set has fewer.
 */
export function take(set: ImageSet, count: number): ImageSet {
  expectImages('set', set);
  return sliceImages(set, 0, expectInteger('count', count, { max: set.count }));
}

/**
 * Copies of the images of some classes, in the order of the set. Labels and class names do not change, so that the
 * predictions of a model still fit.
 *
 * @throws InputError if the set has no labels, or no class of a name.
 */
export function selectClasses(set: ImageSet, names: readonly string[]): ImageSet {
  expectList('names', names);
  expectImages('set', set);
  const { labels, classNames } = set;
  if (!labels) throw new InputError(`Expected ${set.name} to have labels, got none`);
  const selected = new Set(names.map((name) => classNames.indexOf(expectOneOf('class', name, classNames))));
  return subset(
    set,
    Array.from(labels.keys()).filter((i) => selected.has(labels[i])),
  );
}
