import { formatCount, type ImageSet } from '@convlens/core';
import { stratifiedSubset, take } from '@convlens/image-set';
import { isFolderPath } from './datasets.js';

/** The seed of a sample; fixed, so that runs of any seed, and their reports, have the same images. */
const SAMPLE_SEED = 0;

/**
 * At most `count` images of a set: the first ones of a data set, whose order is published, and a stratified sample of other
 * sets, which come class by class.
 *
 * @param data the setting `data` of the run
 */
export function sampleImages(
  images: ImageSet,
  { data = '', count }: { data: string | undefined; count: number },
): ImageSet {
  if (images.count <= count) return images;
  return isFolderPath(data) ? stratifiedSubset(images, { count, seed: SAMPLE_SEED }) : take(images, count);
}

/** "the first 1,000 images of NAME", as `sampleImages` chooses them. */
export const describeSample = (
  { name, count: total }: ImageSet,
  { data = '', count }: { data: string | undefined; count: number },
): string => {
  if (count >= total) return `the ${formatCount(count, 'image')} of ${name}`;
  return isFolderPath(data)
    ? `a stratified sample of ${formatCount(count, 'image')} of ${name}`
    : `the first ${formatCount(count, 'image')} of ${name}`;
};
