import { InputError, type ImageSet } from '@convlens/core';
import { decodeImage, luminance, resizeImage, type DecodedImage } from '@convlens/image-set/folder';
import type * as tf from '@tensorflow/tfjs';
import type { Subject } from './subject.js';

/** A file with an image, PNG or JPEG. */
export interface ImageFile {
  /** For messages and figures. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * One's own images as a model reads them: each stands upright, the largest part of the input's shape is cut out of its
 * middle and resized, and made grey where the model reads grey. They have no labels; the classes are those of the model.
 *
 * @throws InputError that names a file that is no image, and if the model does not read images of one size, grey or coloured.
 */
export function readImages(files: readonly ImageFile[], subject: Subject): ImageSet {
  const images = files.map(({ name, bytes }) => decodeImage(bytes, name, { isUpright: true }));
  return asInput(images, {
    subject,
    name: files.length === 1 ? files[0].name.split(/[\\/]/).at(-1)! : `${files.length} images`,
  });
}

/** Images of another data set, in three colours, as a model reads them: of the classes of their set nothing is left. */
export function fitImages(images: ImageSet, subject: Subject): ImageSet {
  const { count, height, width, channels, pixels, name } = images;
  if (channels !== 3) throw new InputError(`Expected images of 3 channels, got ${name} with ${channels}`);
  const size = height * width * 3;
  const decoded = Array.from({ length: count }, (_, i) => ({
    pixels: Uint8Array.from(pixels.subarray(i * size, (i + 1) * size)),
    height,
    width,
  }));
  return asInput(decoded, { subject, name });
}

function asInput(
  images: readonly DecodedImage[],
  { subject, name }: { subject: Subject; name: string },
): ImageSet {
  const { model } = subject;
  const [height, width, channels] = inputShapeOf(model);
  const size = height * width * channels;
  const pixels = new Uint8Array(images.length * size);
  images.forEach((image, i) => {
    const { pixels: rgb } = resizeImage(image, { height, width, fit: 'crop' });
    pixels.set(channels === 3 ? rgb : luminance(rgb), i * size);
  });
  const classes = model.outputs[0].shape.at(-1) ?? 0;
  const classNames = subject.classNames ?? Array.from({ length: classes }, (_, i) => `class ${i}`);
  return { kind: 'image-set', name, pixels, count: images.length, height, width, channels, classNames };
}

function inputShapeOf({ name, inputs }: tf.LayersModel): [number, number, number] {
  const [, ...shape] = inputs[0].shape;
  const isImage = shape.length === 3 && shape.every((size) => size) && [1, 3].includes(shape[2]!);
  if (inputs.length === 1 && isImage) return shape as [number, number, number];
  const got = inputs.map((input) => input.shape.map((size) => size ?? '?').join(' x ')).join(' and ');
  throw new InputError(`Expected ${name} to read images of one size, of 1 or 3 channels, got ${got}`);
}
