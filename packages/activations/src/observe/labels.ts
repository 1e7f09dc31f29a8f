import { InputError, type Images } from '@convlens/core';

/**
 * The labels of the images.
 *
 * @throws InputError if they have none.
 */
export function expectLabels({ name, labels }: Images): Int32Array {
  if (labels) return labels;
  throw new InputError(`Expected images with labels, got ${JSON.stringify(name)} without any`);
}

/** Throws an InputError unless the model has as many classes as the images. */
export function expectSameClassCount({ classNames }: Images, classes: number): void {
  if (classes !== classNames.length)
    throw new InputError(
      `Expected a model of ${classNames.length} classes, as the images have, got ${classes}`,
    );
}
