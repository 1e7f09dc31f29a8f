import { expectObject, expectImageArray, InputError, type ImageSet } from '@convlens/core';
import { parseSplit, split, take } from '@convlens/image-set';
import type { RunSettings } from './run-settings.js';

/**
 * Divides the images into training and validation images, as the settings `validation` and `seed` say. With
 * `limit` only the first images are used.
 *
 * @throws InputError if one of the two sets is empty.
 */
export function splitTrainingImages(
  images: ImageSet,
  settings: Pick<RunSettings, 'limit' | 'validation' | 'seed'>,
): { train: ImageSet; validation: ImageSet } {
  expectImageArray('images', images);
  expectObject('settings', settings);
  const { limit = Infinity, validation, seed } = settings;
  const limited = take(images, Math.min(limit, images.count));
  const { remaining, heldOut } = split(limited, { ...parseSplit(validation), seed });
  if (heldOut.count === 0 || remaining.count === 0)
    throw new InputError(
      `Expected images to train on and images to validate on, got ${remaining.count} and ` +
        `${heldOut.count} (limit, validation)`,
    );
  return { train: remaining, validation: heldOut };
}
