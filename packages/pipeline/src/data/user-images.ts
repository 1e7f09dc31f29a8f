import {
  expectImageArray,
  expectModel,
  expectObject,
  expectList,
  expectOptions,
  defaultClassNames,
  indexRange,
  InputError,
  pixelsOf,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';
import { fitToInput, readImage, type DecodedImage } from '@convlens/image-set/folder';
import { inputShapeOf, type InputShape } from '@convlens/models';
import type { OpenModel } from '../run/open-model.js';
import { countClasses } from './count-classes.js';
import { imageShapeOf, type FitImagesOptions } from './fit-images.js';

/** A file with an image: PNG, JPEG, WebP, GIF or BMP. */
export interface ImageFile {
  /** For messages and figures. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A model and the names of its classes; without names they are "class 0", "class 1", ... */
export type ImageModel = Pick<OpenModel, 'model' | 'classNames' | 'output'>;

export type ReadUserImagesOptions = Pick<FitImagesOptions, 'size' | 'background'>;

const READ_USER_IMAGES_OPTIONS: OptionNames<ReadUserImagesOptions> = { size: true, background: true };

/**
 * The user's images in the form that a model reads: rotated by their EXIF orientation, center-cropped to the
 * aspect ratio of its input, resized, and converted to luminance for a model of gray images. They have no
 * labels; the class names are those of the model.
 *
 * @throws InputError that names a file that is not an image; or if the model does not read images of one
 *   size, gray or in color, and `size` is not given.
 */
export async function readUserImages(
  files: readonly ImageFile[],
  opened: ImageModel,
  options: ReadUserImagesOptions = {},
): Promise<ImageSet> {
  expectOptions('readUserImages', options, READ_USER_IMAGES_OPTIONS);
  expectList('files', files, expectObject);
  expectObject('opened', opened);
  expectModel('opened.model', opened.model);
  const { size, background } = options;
  const images: DecodedImage[] = [];
  for (const { name, bytes } of files)
    images.push(await readImage(bytes, { name, applyExifOrientation: true, background }));
  const name = files.length === 1 ? files[0].name.split(/[\\/]/).at(-1)! : `${files.length} images`;
  return toModelInput(images, opened, { name, shape: imageShapeOf(opened, size) });
}

/**
 * Color images of another data set in the form that a model reads, as `readUserImages` does. Their labels are
 * dropped; the class names are those of the model.
 */
export function adaptImages(images: ImageSet, opened: ImageModel): ImageSet {
  expectImageArray('images', images);
  expectObject('opened', opened);
  const { count, height, width, channels, name } = images;
  if (channels !== 3) throw new InputError(`Expected images of 3 channels, got ${name} with ${channels}`);
  const decoded = Array.from(indexRange(count), (index) => ({
    pixels: Uint8Array.from(pixelsOf(images, index)),
    height,
    width,
  }));
  return toModelInput(decoded, opened, { name, shape: inputShapeOf(opened.model) });
}

function toModelInput(
  images: readonly DecodedImage[],
  opened: ImageModel,
  { name, shape }: { name: string; shape: InputShape },
): ImageSet {
  const classNames = opened.classNames ?? defaultClassNames(countClasses(opened));
  const pixels = fitToInput(images, shape);
  return { kind: 'image-set', name, pixels, count: images.length, ...shape, classNames };
}
