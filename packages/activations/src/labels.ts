import { InputError, type Images } from '@convlens/core';

/** The labels of the images; an InputError if they have none. */
export function expectLabels({ name, labels }: Images): Int32Array {
  if (labels) return labels;
  throw new InputError(`Expected images with labels, got ${JSON.stringify(name)} without any`);
}
