import { expectNumber, InputError, type ImageBatch } from '@convlens/core';

/** A weight a class: a list of all, or some of them by the index of the class; the others have 1. */
export type ClassWeights = readonly number[] | Readonly<Record<number, number>>;

/** Stands for a weight of 0: the loss does not see it, and the largest of the targets is still where it was. */
const NEARLY_NOTHING = 2 ** -100;

/** The weight of each class of `classNames`; throws an InputError for a class that is not there and a weight below 0. */
export function expandClassWeights(
  given: ClassWeights,
  { classNames, name }: Pick<ImageBatch, 'classNames' | 'name'>,
): number[] {
  const classes = classNames.length;
  if (Array.isArray(given) && given.length !== classes)
    throw new InputError(
      `Expected classWeights to hold ${classes} weights, one a class of ${name}, got ${given.length}`,
    );
  const weights = classNames.map(() => 1);
  for (const [key, weight] of Object.entries(given)) {
    const label = Number(key);
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw new InputError(
        `Expected classWeights for classes from 0 to ${classes - 1}, got one for ${JSON.stringify(key)}`,
      );
    weights[label] = expectNumber(`classWeights[${key}]`, weight, { min: 0 }) || NEARLY_NOTHING;
  }
  return weights;
}
