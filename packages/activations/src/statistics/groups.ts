import { InputError, type Images } from '@convlens/core';
import { argMaxRows } from '../model/scores.js';
import { expectLabels, expectSameClassCount } from '../observe/labels.js';
import type { ObservedBatch, ObserverContext } from '../observe/observer.js';

/**
 * Groups of images by a list: the name of each group, and the group of each observed image; -1 for no group.
 */
export interface AssignedGroups {
  readonly names: readonly string[];
  /** One index into `names` per image, or -1. */
  readonly assignments: ArrayLike<number>;
}

/** How images are grouped: by label, by outcome ('correct' and 'wrong' predictions), or by a list. */
export type Groups = 'label' | 'outcome' | AssignedGroups;

/** The names of the groups, and the group of each image of a batch. */
export interface Grouping {
  readonly names: readonly string[];
  groupsOf(batch: ObservedBatch): ArrayLike<number>;
}

function assignedGrouping({ names, assignments }: AssignedGroups, { count }: Images): Grouping {
  if (assignments?.length !== count)
    throw new InputError(
      `Expected groups.assignments to hold ${count} values, one per image, got ${assignments?.length}`,
    );
  const groups = Array.from(assignments);
  const wrong = groups.find((group) => !Number.isInteger(group) || group < -1 || group >= names.length);
  if (wrong !== undefined)
    throw new InputError(`Expected groups.assignments to be from -1 to ${names.length - 1}, got ${wrong}`);
  return { names, groupsOf: ({ start, count }) => groups.slice(start, start + count) };
}

function labelGrouping(images: Images): Grouping {
  const labels = expectLabels(images);
  return {
    names: images.classNames,
    groupsOf: ({ start, count }) => labels.subarray(start, start + count),
  };
}

function outcomeGrouping({ images, classes }: ObserverContext): Grouping {
  const labels = expectLabels(images);
  expectSameClassCount(images, classes);
  return {
    names: ['correct', 'wrong'],
    groupsOf: ({ start, probabilities }) =>
      argMaxRows(probabilities, classes).map((predicted, i) => (predicted === labels[start + i] ? 0 : 1)),
  };
}

/**
 * The grouping of the observed images.
 *
 * @throws InputError if the images have no labels where labels are needed, or a list does not fit them.
 */
export function resolveGroups(groups: Groups, context: ObserverContext): Grouping {
  if (groups === 'label') return labelGrouping(context.images);
  if (groups === 'outcome') return outcomeGrouping(context);
  if (typeof groups === 'object' && groups !== null) return assignedGrouping(groups, context.images);
  throw new InputError(
    `Expected groups to be 'label', 'outcome' or { names, assignments }, got ${JSON.stringify(groups)}`,
  );
}
