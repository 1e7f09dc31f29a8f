import { expectImages, InputError, type Images } from '@convlens/core';

/**
 * Labels as vectors: count x classes values, 1 for the class of an image and 0 for the others.
 *
 * @throws InputError if the images have no labels.
 */
export function oneHot(images: Images): Float32Array {
  expectImages('images', images);
  const { labels, classNames, count, name } = images;
  if (!labels) throw new InputError(`Expected ${name} to have labels, got none`);
  const vectors = new Float32Array(count * classNames.length);
  for (let i = 0; i < count; i++) vectors[i * classNames.length + labels[i]] = 1;
  return vectors;
}
