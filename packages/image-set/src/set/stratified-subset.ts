import {
  expectImages,
  expectInteger,
  expectObject,
  expectOptions,
  InputError,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';
import { stratifiedSample } from './stratify.js';
import { subset } from './subset.js';

export interface StratifiedSubsetOptions {
  /** The number of images, 0 to all. */
  readonly count: number;
  /** Seed of the choice; default 0. */
  readonly seed?: number;
}

const STRATIFIED_SUBSET_OPTIONS: OptionNames<StratifiedSubsetOptions> = { count: true, seed: true };

/**
 * Copies of random images with the class proportions of a set, to within one image per class, in the order of the set. Each
 * class has an image where `count` allows it. It stands for a set whose first images are of one class, as those of a folder.
 *
 * @throws InputError if the set has no labels, or fewer images.
 */
export function stratifiedSubset(set: ImageSet, options: StratifiedSubsetOptions): ImageSet {
  expectOptions('stratifiedSubset', options, STRATIFIED_SUBSET_OPTIONS);
  expectObject('the options of stratifiedSubset', options);
  expectImages('set', set);
  const { seed = 0 } = options;
  const count = expectInteger('count', options.count, { max: set.count });
  const { labels, classNames, name } = set;
  if (!labels) throw new InputError(`Expected ${name} to have labels for a stratified subset, got none`);
  return subset(set, stratifiedSample(labels, { classes: classNames.length, count, seed }));
}
