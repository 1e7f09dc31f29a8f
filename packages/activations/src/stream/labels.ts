import { InputError, type Images } from '@convlens/core';

/** The labels of the images; an InputError if they have none. */
export function expectLabels({ name, labels }: Images): Int32Array {
  if (labels) return labels;
  throw new InputError(`Expected images with labels, got ${JSON.stringify(name)} without any`);
}

/** Throws an InputError unless the model knows as many classes as the images have. */
export function expectSameClasses({ classNames }: Images, classes: number): void {
  if (classes !== classNames.length)
    throw new InputError(
      `Expected a model for the ${classNames.length} classes of the images, got one for ${classes}`,
    );
}
