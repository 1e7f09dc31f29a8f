import { InputError, type Images } from '@convlens/core';
import { expectLabels, expectSameClasses } from './labels.js';
import type { Observed, ObservedBatch } from './observe.js';
import { highestOf } from '../model/scores.js';

/**
 * What images are grouped by: their labels; whether the model is right or wrong about them; or a list of your own, the
 * number of a group for each image, -1 for an image that belongs to none.
 */
export type Groups = 'label' | 'outcome' | { names: readonly string[]; of: ArrayLike<number> };

/** The names of the groups, and the group of each image of a batch. */
export interface Grouping {
  readonly names: readonly string[];
  groupsOf(batch: ObservedBatch): ArrayLike<number>;
}

function ownGroups({ names, of }: Exclude<Groups, string>, { count }: Images): Grouping {
  if (of.length !== count)
    throw new InputError(`Expected groups.of to hold ${count} values, one an image, got ${of.length}`);
  const groups = Array.from(of);
  const wrong = groups.find((group) => !Number.isInteger(group) || group < -1 || group >= names.length);
  if (wrong !== undefined)
    throw new InputError(`Expected groups.of to be from -1 to ${names.length - 1}, got ${wrong}`);
  return { names, groupsOf: (batch) => groups.slice(batch.start, batch.start + batch.count) };
}

/** How images are to be grouped, checked against them. */
export function openGroups(groups: Groups, { images, classes }: Observed): Grouping {
  if (typeof groups === 'object' && groups !== null) return ownGroups(groups, images);
  if (groups !== 'label' && groups !== 'outcome')
    throw new InputError(
      `Expected groups to be 'label', 'outcome' or { names, of }, got ${JSON.stringify(groups)}`,
    );
  const labels = expectLabels(images);
  if (groups === 'label')
    return {
      names: images.classNames,
      groupsOf: ({ start, count }) => labels.subarray(start, start + count),
    };
  expectSameClasses(images, classes);
  return {
    names: ['right', 'wrong'],
    groupsOf: ({ start, probabilities }) =>
      highestOf(probabilities, classes).map((predicted, i) => (predicted === labels[start + i] ? 0 : 1)),
  };
}
