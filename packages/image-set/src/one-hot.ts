import { expectImages, InputError, type Images } from '@convlens/core';

/**
 * Labels as count x classes values, 1 where the class is and 0 elsewhere.
 *
 * @throws InputError if the images have no labels.
 */
export function oneHot(images: Images): Float32Array {
  expectImages('images', images);
  const { labels, classNames, count, name } = images;
  if (!labels) throw new InputError(`Expected ${name} to have labels, got none`);
  const targets = new Float32Array(count * classNames.length);
  for (let i = 0; i < count; i++) targets[i * classNames.length + labels[i]] = 1;
  return targets;
}
