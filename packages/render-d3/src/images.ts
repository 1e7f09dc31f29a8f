import { expectInteger, InputError, type ImageBatch, type Images } from '@convlens/core';

/**
 * Where the image that stands at `index` in its set is found in `images`: at that position of a set; where its
 * `indices` say so of a batch. Throws an InputError if it is not there.
 */
export function positionOf(images: Images | ImageBatch, index: number): number {
  if (!('indices' in images)) {
    if (index < images.count) return expectInteger('index', index);
    throw new InputError(`Expected images to hold image ${index}, got the ${images.count} of ${images.name}`);
  }
  const position = images.indices.indexOf(index);
  if (position >= 0) return position;
  throw new InputError(
    `Expected images to hold image ${index}, got ${Array.from(images.indices).join(', ')}`,
  );
}

/** Where the image at a position stands in its set. */
export const indexOf = (images: Images | ImageBatch, position: number): number =>
  'indices' in images ? images.indices[position] : position;

/** The class of the image at a position; undefined if it is not known. */
export function classNameOf(images: Images, position: number): string | undefined {
  const label = images.labels?.[position];
  return label === undefined ? undefined : images.classNames[label];
}

/** The name of a class, or "class 3" where there are no names. */
export const nameOfClass = (classNames: readonly string[], classIndex: number): string =>
  classNames[classIndex] ?? `class ${classIndex}`;
