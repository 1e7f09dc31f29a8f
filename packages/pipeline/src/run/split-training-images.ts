import { parseSplit } from '@convlens/image-set';
import {
  expectBoolean,
  expectImageArray,
  expectObject,
  expectOptions,
  InputError,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';
import { isFolderPath } from '../data/datasets.js';
import { sampleImages } from '../data/sample-images.js';
import {
  expectLimitedStream,
  expectTrainingImages,
  isStream,
  splitOf,
  type ImageInfo,
  type TrainingImages,
} from '../data/training-images.js';
import type { RunSettings } from './run-settings.js';

/** The value of the setting `validation` for validation images that the data set has itself, as in a folder val/. */
export const SEPARATE_VALIDATION = 'separate';

/** Throws an InputError if a text is no value of the setting `validation`. */
export function expectValidation(validation: string): void {
  if (validation !== SEPARATE_VALIDATION) parseSplit(validation);
}

export interface SplitTrainingImagesOptions {
  /** The validation images of the data set itself, for the setting `validation: 'separate'`. */
  readonly validationImages?: ImageSet;
  /** Whether the validation images may lack a class, as in a run that is resumed; default false. */
  readonly mayLackClass?: boolean;
}

const SPLIT_TRAINING_IMAGES_OPTIONS: OptionNames<SplitTrainingImagesOptions> = {
  validationImages: true,
  mayLackClass: true,
};

interface DivideOptions extends Omit<SplitTrainingImagesOptions, 'validationImages'> {
  readonly validationImages?: TrainingImages;
}

export type SplitSettings = Pick<RunSettings, 'limit' | 'validation' | 'seed'> &
  Partial<Pick<RunSettings, 'data'>>;

/**
 * Divides the images into training and validation images, as the settings `validation` and `seed` say. With
 * `limit` only the first images are used, or a stratified sample of those of a folder.
 *
 * @throws InputError if one of the two sets is empty, if the validation images of the data set are missing or of another kind,
 * or if those of a folder of images lack a class.
 */
export function splitTrainingImages(
  images: ImageSet,
  settings: SplitSettings,
  options: SplitTrainingImagesOptions = {},
): { train: ImageSet; validation: ImageSet } {
  expectOptions('splitTrainingImages', options, SPLIT_TRAINING_IMAGES_OPTIONS);
  expectImageArray('images', images);
  return divideTrainingImages(images, settings, options);
}

/** As `splitTrainingImages`, also of streams. */
export function divideTrainingImages(
  images: ImageSet,
  settings: SplitSettings,
  options: SplitTrainingImagesOptions,
): { train: ImageSet; validation: ImageSet };
export function divideTrainingImages(
  images: TrainingImages,
  settings: SplitSettings,
  options: DivideOptions,
): { train: TrainingImages; validation: TrainingImages };
export function divideTrainingImages(
  images: TrainingImages,
  settings: SplitSettings,
  options: DivideOptions,
): { train: TrainingImages; validation: TrainingImages } {
  expectObject('settings', settings);
  const { validation: wanted, seed, data = '' } = settings;
  const { validationImages, mayLackClass = false } = options;
  expectBoolean('mayLackClass', mayLackClass);
  const train = remainingImages(images, settings);
  if (wanted === SEPARATE_VALIDATION) {
    const validation = expectValidationImages(validationImages, train);
    expectEachClass(train, validation, () => 'add images of it to the validation images');
    return { train, validation };
  }
  if (validationImages)
    throw new InputError(
      `Expected validationImages only with the validation ${SEPARATE_VALIDATION}, got ${wanted}`,
    );
  const { heldOut } = splitOf(limitedImages(images, settings), { ...parseSplit(wanted), seed });
  if (heldOut.count === 0 || train.count === 0)
    throw new InputError(
      `Expected images to train on and images to validate on, got ${train.count} and ` +
        `${heldOut.count} (limit, validation)`,
    );
  if (isFolderPath(data) && !mayLackClass) expectEachClass(train, heldOut, remedyOf);
  return { train, validation: heldOut };
}

/** The images that a run with these settings trains on. */
export const trainingImages = (images: ImageSet, settings: SplitSettings): ImageSet =>
  remainingImages(images, settings);

function remainingImages<Images extends TrainingImages>(images: Images, settings: SplitSettings): Images {
  const { validation, seed } = settings;
  const limited = limitedImages(images, settings);
  return validation === SEPARATE_VALIDATION
    ? limited
    : splitOf(limited, { ...parseSplit(validation), seed }).remaining;
}

function limitedImages<Images extends TrainingImages>(
  images: Images,
  { data, limit = Infinity }: SplitSettings,
): Images {
  if (!isStream(images)) return sampleImages(images, { data, count: limit }) as Images;
  expectLimitedStream(images, limit);
  return images;
}

function expectValidationImages(
  validation: TrainingImages | undefined,
  train: TrainingImages,
): TrainingImages {
  if (!validation)
    throw new InputError(`Expected validationImages for the validation ${SEPARATE_VALIDATION}, got none`);
  expectTrainingImages('validationImages', validation);
  const describe = ({ height, width, channels, classNames }: ImageInfo) =>
    `${height} x ${width} x ${channels} with the classes ${classNames.slice(0, 10).join(', ')}`;
  const isSame =
    describe(validation) === describe(train) &&
    validation.classNames.join('\n') === train.classNames.join('\n');
  if (!isSame)
    throw new InputError(`Expected validation images of ${describe(train)}, got ${describe(validation)}`);
  return validation;
}

/**
 * Refuses validation images without a class that is trained: a model may forget it, and no epoch would be worse for it.
 *
 * @param remedy what to do about a class with this number of training images
 */
function expectEachClass(train: ImageInfo, validation: ImageInfo, remedy: (count: number) => string): void {
  const [trained, validated] = [train, validation].map(labelCounts);
  const missing = train.classNames.flatMap((_, label) =>
    trained[label] > 0 && validated[label] === 0 ? [label] : [],
  );
  if (missing.length === 0) return;
  const names = missing
    .slice(0, 10)
    .map((label) => `${train.classNames[label]} (${trained[label]} in training)`);
  throw new InputError(
    `Expected validation images of each class, got none of ${names.join(', ')}: ` +
      remedy(Math.min(...missing.map((label) => trained[label]))),
  );
}

/** The number of images of each class. */
function labelCounts({ name, labels, classNames }: ImageInfo): number[] {
  if (!labels) throw new InputError(`Expected ${name} to have labels, got none`);
  const counts = classNames.map(() => 0);
  for (const label of labels) counts[label]++;
  return counts;
}

/** A stratified split holds out an image of a class from half an image on. */
const remedyOf = (count: number): string =>
  count < 2
    ? 'add images of it, or remove the class'
    : `hold out a larger fraction of each class, --validation stratified:${Math.min(0.5, Math.ceil(100 / count) / 100)}`;
