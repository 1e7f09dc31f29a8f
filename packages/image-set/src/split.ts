import {
  expectImages,
  expectInteger,
  expectOneOf,
  InputError,
  randomAt,
  type ImageSet,
} from '@convlens/core';
import { slice } from './gather.js';
import { shuffledIndices } from './order.js';
import { stratifiedIndices } from './stratify.js';
import { subset } from './subset.js';

export const SPLIT_FROM = ['first', 'last', 'shuffled', 'stratified'] as const;

/** Which images are taken: the first, the last, any at random, or any at random with every class in its share. */
export type SplitFrom = (typeof SPLIT_FROM)[number];

export interface SplitOptions {
  /** Which images are taken. */
  readonly from: SplitFrom;
  /** The part of the images that is taken, above 0 and below 1, rounded to a whole number of them. Give this or `count`. */
  readonly fraction?: number;
  /** How many images are taken, 0 to all. Give this or `fraction`. */
  readonly count?: number;
  /** Of the random choice; default 0. Another seed, other images. */
  readonly seed?: number;
}

export interface Split {
  /** What was left: the training images, usually. */
  readonly rest: ImageSet;
  /** What was taken out: the validation images, usually. */
  readonly taken: ImageSet;
}

/**
 * Parts a set in two, such as training and validation images. Both parts keep the order of the set. 'first' and 'last'
 * give views on its arrays, the others copies. 'stratified' takes of every class its share to within one image.
 *
 * @throws InputError if both or neither of `fraction` and `count` are given or out of range, or if 'stratified' is
 *   asked of a set without labels.
 */
export function split(set: ImageSet, options: SplitOptions): Split {
  expectImages('set', set);
  const { from, seed = 0 } = options;
  expectOneOf('from', from, SPLIT_FROM);
  const count = takenCount(set.count, options);
  const kept = set.count - count;
  if (from === 'first') return { rest: slice(set, count, set.count), taken: slice(set, 0, count) };
  if (from === 'last') return { rest: slice(set, 0, kept), taken: slice(set, kept, set.count) };
  const chosen =
    from === 'shuffled'
      ? shuffledIndices(set.count, randomAt(seed, 'split')).subarray(0, count)
      : stratifiedIndices(set, { count, seed });
  const isTaken = new Uint8Array(set.count);
  for (const index of chosen) isTaken[index] = 1;
  const indices = Array.from(isTaken, (_, index) => index);
  return {
    rest: subset(
      set,
      indices.filter((index) => !isTaken[index]),
    ),
    taken: subset(
      set,
      indices.filter((index) => isTaken[index]),
    ),
  };
}

function takenCount(total: number, { fraction, count }: SplitOptions): number {
  if ((fraction === undefined) === (count === undefined))
    throw new InputError(
      `Expected either fraction or count, got ${fraction === undefined ? 'neither' : 'both'}`,
    );
  if (fraction === undefined) return expectInteger('count', count, { max: total });
  if (!(fraction > 0 && fraction < 1))
    throw new InputError(`Expected fraction to be a number above 0 and below 1, got ${fraction}`);
  return Math.round(fraction * total);
}
