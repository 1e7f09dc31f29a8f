import { InputError, type ImageSet } from '@convlens/core';
import { luminance, resizeImage, type DecodedImage } from '@convlens/image-set/folder';
import type * as tf from '@tensorflow/tfjs';

export interface InputOptions {
  /** What messages call the network. */
  name: string;
  /** Numbers if none are given. */
  classNames?: readonly string[];
}

/**
 * No images yet, in the size and the colours that a model reads and with its classes. Throws an InputError that names the
 * network if it does not read one image, grey or of three colours, or puts out no classes.
 */
export function inputOf({ inputs, outputs }: tf.LayersModel, { name, classNames }: InputOptions): ImageSet {
  const [height, width, channels] = inputs[0].shape.slice(1).map((size, axis) => size ?? [32, 32, 3][axis]);
  const classes = outputs[0].shape[1];
  if (
    inputs.length > 1 ||
    outputs.length > 1 ||
    ![1, 3].includes(channels) ||
    outputs[0].shape.length !== 2 ||
    !classes
  )
    throw new InputError(
      `Expected ${name} to hold a network that reads one image, grey or of three colours, and puts out classes`,
    );
  return {
    kind: 'image-set',
    name: 'images',
    pixels: new Uint8Array(),
    count: 0,
    height,
    width,
    channels,
    classNames: classNames ?? Array.from({ length: classes }, (_, label) => `class ${label}`),
  };
}

/** A set with more images behind its own, brought to their size and colours. */
export function withImages(set: ImageSet, images: readonly DecodedImage[]): ImageSet {
  const { height, width, channels, count } = set;
  const size = height * width * channels;
  const pixels = new Uint8Array((count + images.length) * size);
  pixels.set(set.pixels);
  images.forEach((image, i) => {
    const { pixels: rgb } = resizeImage(image, { height, width, fit: 'crop' });
    pixels.set(channels === 3 ? rgb : luminance(rgb), (count + i) * size);
  });
  return { ...set, pixels, count: count + images.length };
}

/** The images of a set of three colours, one by one. */
export const imagesOf = ({ pixels, count, height, width }: ImageSet): DecodedImage[] =>
  Array.from({ length: count }, (_, i) => ({
    pixels: pixels.slice(i * height * width * 3, (i + 1) * height * width * 3) as Uint8Array,
    height,
    width,
  }));
