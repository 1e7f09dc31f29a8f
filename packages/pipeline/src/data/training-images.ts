import {
  evenlySpaced,
  expectImageArray,
  InputError,
  type BatchSource,
  type ImageSet,
  type Preprocessing,
} from '@convlens/core';
import { batches, imageChecksum, split, type BatchesOptions, type SplitOptions } from '@convlens/image-set';
import type { ImageStream } from '@convlens/image-set/folder';
import { preprocessingOf, preprocessingWith, type PreprocessingName } from '../run/preprocessings.js';

/** Images that a model is trained on: a set in memory, or a stream (`openImages`) of which a window is in memory. */
export type TrainingImages = ImageSet | ImageStream;

/** What both have of their images besides pixels. */
export type ImageInfo = Pick<
  ImageSet,
  'name' | 'count' | 'height' | 'width' | 'channels' | 'classNames' | 'labels'
>;

export const isStream = (images: TrainingImages): images is ImageStream => images.kind === 'image-stream';

/** Throws an InputError unless a value is a set of images or a stream. */
export function expectTrainingImages(name: string, images: TrainingImages): void {
  if ((images as TrainingImages | null | undefined)?.kind !== 'image-stream')
    expectImageArray(name, images as ImageSet);
}

export const batchesOf = (images: TrainingImages, options: BatchesOptions): BatchSource =>
  isStream(images) ? images.batches(options) : batches(images, options);

export const checksumOf = (images: TrainingImages): Promise<string> =>
  isStream(images) ? images.checksum() : imageChecksum(images);

export const splitOf = <Images extends TrainingImages>(
  images: Images,
  options: SplitOptions,
): { remaining: Images; heldOut: Images } =>
  (isStream(images) ? images.split(options) : split(images, options)) as {
    remaining: Images;
    heldOut: Images;
  };

/** The preprocessing that is computed of training images. Only of statistics are all images of a stream read. */
export async function trainingPreprocessing(
  name: PreprocessingName,
  images: TrainingImages,
): Promise<Preprocessing> {
  if (!isStream(images)) return preprocessingOf(name, images);
  const statistics = name === 'standardized' ? await images.statistics() : undefined;
  return preprocessingWith(name, () => statistics!);
}

/** At most `count` evenly spaced images, in memory. */
export async function sampleOf(images: TrainingImages, count: number): Promise<ImageSet> {
  if (!isStream(images)) return images;
  return images.subset(evenlySpaced(images.count, count)).load();
}

/** Throws an InputError if a stream has more images than the setting `limit`, which is an option of `openImages`. */
export function expectLimitedStream(images: TrainingImages, limit = Infinity): void {
  if (isStream(images) && images.count > limit)
    throw new InputError(
      `Expected a stream of at most limit (${limit}) images, got ${images.count}: give openImages the same limit`,
    );
}
