import { InputError, type ImageSet } from '@convlens/core';
import { imageChecksum } from '@convlens/image-set';
import { dataName } from './recorded-settings.js';
import type { RunDescription } from '../run/run-folder.js';

/** What is said of images that are not those of a run. */
interface SameImages {
  /** The checksum of the images that are there. */
  readonly got: string;
  /** What a user does about it. */
  readonly remedy: string;
}

/** Runs of earlier versions have no checksum. */
export function expectSameImages(
  { settings, dataChecksum }: RunDescription,
  { got, remedy }: SameImages,
): void {
  if (dataChecksum === undefined || dataChecksum === got) return;
  throw new InputError(
    `Expected the training images that this run was trained on (${dataName(settings.data)}, SHA-256 ${dataChecksum}), ` +
      `got others (SHA-256 ${got}): ${remedy}`,
  );
}

/** Refuses a report with other training images than those of the run. */
export async function expectImagesOfRun(description: RunDescription, train: ImageSet): Promise<void> {
  if (description.dataChecksum === undefined) return;
  const remedy = 'restore them, or give the data that it was trained on';
  expectSameImages(description, { got: await imageChecksum(train), remedy });
}
