import { defaultClassNames, indexRange, InputError, pixelsOf, type ImageSet } from '@convlens/core';
import { fitToInput, type DecodedImage } from '@convlens/image-set/folder';
import { inputShapeOf } from '@convlens/models';
import type * as tf from '@tensorflow/tfjs';

/** The height and width of images for a model that reads any size. */
const OPEN_SIZE = 32;

export interface ModelInputsOptions {
  /** The name of the model in messages. */
  name: string;
  /** Default "class 0", "class 1", ... */
  classNames?: readonly string[];
}

/**
 * An image set without images, in the input shape of a model and with its classes.
 *
 * @throws InputError that names the model if it is not a classifier of single images of 1 or 3 channels.
 */
export function emptyInputs(model: tf.LayersModel, { name, classNames }: ModelInputsOptions): ImageSet {
  const classCount = classCountOf(model);
  if (model.inputs.length > 1 || !classCount)
    throw new InputError(`Expected ${name} to be a classifier of single grayscale or RGB images`);
  return {
    kind: 'image-set',
    name: 'images',
    pixels: new Uint8Array(),
    count: 0,
    ...inputShapeOf(model, { name, openSize: OPEN_SIZE }),
    classNames: classNames ?? defaultClassNames(classCount),
  };
}

/** The number of classes; 0 if the model is not a classifier. */
function classCountOf({ outputs }: tf.LayersModel): number {
  const [{ shape }] = outputs;
  return outputs.length === 1 && shape.length === 2 ? (shape[1] ?? 0) : 0;
}

/** A set with more images at its end, in its size and number of channels. */
export function appendImages(set: ImageSet, images: readonly DecodedImage[]): ImageSet {
  const { height, width, channels, count } = set;
  const appended = fitToInput(images, { height, width, channels });
  const pixels = new Uint8Array(set.pixels.length + appended.length);
  pixels.set(set.pixels);
  pixels.set(appended, set.pixels.length);
  return { ...set, pixels, count: count + images.length };
}

/** The images of a set of color images, one by one. */
export const splitImages = (set: ImageSet): DecodedImage[] =>
  Array.from(indexRange(set.count), (index) => ({
    pixels: Uint8Array.from(pixelsOf(set, index)),
    height: set.height,
    width: set.width,
  }));
