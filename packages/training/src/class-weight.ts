import { expectNumber, InputError, type ImageBatch } from '@convlens/core';

/**
 * The loss weights of classes: a list with one per class, or a record by class index; missing classes have
 * weight 1.
 */
export type ClassWeight = readonly number[] | Readonly<Record<number, number>>;

/** Used for a weight of 0: the loss is not affected, and the largest target keeps its position. */
const ZERO_WEIGHT = 2 ** -100;

/**
 * The loss weight of each class of a batch.
 *
 * @throws InputError for an unknown class and for a weight below 0.
 */
export function expandClassWeight(
  classWeights: ClassWeight,
  { classNames, name }: Pick<ImageBatch, 'classNames' | 'name'>,
): number[] {
  const classes = classNames.length;
  if (Array.isArray(classWeights) && classWeights.length !== classes)
    throw new InputError(
      `Expected classWeights to hold ${classes} weights, one per class of ${name},` +
        ` got ${classWeights.length}`,
    );
  const expanded = classNames.map(() => 1);
  for (const [key, weight] of Object.entries(classWeights)) {
    const label = Number(key);
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw new InputError(
        `Expected classWeights for classes from 0 to ${classes - 1}, got one for ${JSON.stringify(key)}`,
      );
    expanded[label] = expectNumber(`classWeights[${key}]`, weight, { min: 0 }) || ZERO_WEIGHT;
  }
  return expanded;
}
