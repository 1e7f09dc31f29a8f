import {
  expectObject,
  expectImages,
  expectInteger,
  expectOneOf,
  expectOptions,
  indexRange,
  InputError,
  randomAt,
  shuffledIndices,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';
import { sliceImages } from './slice-images.js';
import { stratifiedIndices } from './stratify.js';
import { subset } from './subset.js';

export const SPLIT_STRATEGIES = ['first', 'last', 'shuffled', 'stratified'] as const;

/** The images that are held out: the first, the last, random ones, or random ones with the class proportions of the set. */
export type SplitStrategy = (typeof SPLIT_STRATEGIES)[number];

export interface SplitOptions {
  /** The images that are held out. */
  readonly strategy: SplitStrategy;
  /** The fraction of images that is held out, between 0 and 1, rounded to whole images. Pass this or `count`. */
  readonly fraction?: number;
  /** The number of images that are held out, 0 to all. Pass this or `fraction`. */
  readonly count?: number;
  /** Seed of 'shuffled' and 'stratified'; default 0. */
  readonly seed?: number;
}

const SPLIT_OPTIONS: OptionNames<SplitOptions> = { strategy: true, fraction: true, count: true, seed: true };

export interface Split {
  /** The images that are not held out, usually for training. */
  readonly remaining: ImageSet;
  /** The images that are held out, usually for validation. */
  readonly heldOut: ImageSet;
}

/**
 * Divides a set into two, such as training and validation images. Both keep the order of the set. 'first' and 'last' return
 * views on its arrays, the other strategies copies. 'stratified' keeps the class proportions to within one image per class.
 *
 * @throws InputError if both or neither of `fraction` and `count` are passed, if an option is out of range, or if
 * 'stratified' is used on a set without labels.
 */
export function split(set: ImageSet, options: SplitOptions): Split {
  expectOptions('split', options, SPLIT_OPTIONS);
  expectObject('the options of split', options);
  expectImages('set', set);
  const { remaining, heldOut } = splitIndices(set, options);
  const isSlice = options.strategy === 'first' || options.strategy === 'last';
  const imagesAt = (indices: Uint32Array) =>
    isSlice ? sliceImages(set, indices[0] ?? 0, (indices.at(-1) ?? -1) + 1) : subset(set, indices);
  return { remaining: imagesAt(remaining), heldOut: imagesAt(heldOut) };
}

/** What a split needs of a set. */
export type SplitImages = Pick<ImageSet, 'name' | 'count' | 'labels' | 'classNames'>;

/** The indices, ascending, of the images of both parts of `split`. */
export function splitIndices(
  set: SplitImages,
  options: SplitOptions,
): { remaining: Uint32Array; heldOut: Uint32Array } {
  expectOptions('split', options, SPLIT_OPTIONS);
  expectObject('the options of split', options);
  const { strategy, seed = 0 } = options;
  expectOneOf('strategy', strategy, SPLIT_STRATEGIES);
  const count = heldOutCount(set.count, options);
  const indices = indexRange(set.count);
  const boundary = strategy === 'first' ? count : set.count - count;
  const [first, last] = [indices.slice(0, boundary), indices.slice(boundary)];
  if (strategy === 'first') return { remaining: last, heldOut: first };
  if (strategy === 'last') return { remaining: first, heldOut: last };
  const heldOut = new Set(
    strategy === 'shuffled'
      ? shuffledIndices(set.count, randomAt(seed, 'split')).subarray(0, count)
      : stratifiedIndices(set, { count, seed }),
  );
  return {
    remaining: indices.filter((index) => !heldOut.has(index)),
    heldOut: indices.filter((index) => heldOut.has(index)),
  };
}

function heldOutCount(total: number, { fraction, count }: SplitOptions): number {
  if ((fraction === undefined) === (count === undefined))
    throw new InputError(
      `Expected either fraction or count, got ${fraction === undefined ? 'neither' : 'both'}`,
    );
  if (fraction === undefined) return expectInteger('count', count, { max: total });
  if (!(fraction > 0 && fraction < 1))
    throw new InputError(`Expected fraction to be a number above 0 and below 1, got ${fraction}`);
  return Math.round(fraction * total);
}
