import { expectDecodedImage } from './decoded-image.js';
import {
  expectList,
  expectObject,
  expectInteger,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import type { DecodedImage } from './decoded-image.js';
import { luminance } from './luminance.js';
import { resizeImage } from './resize.js';

export interface FitToInputOptions {
  /** The height of the input in pixels, >= 1. */
  readonly height: number;
  /** The width of the input in pixels, >= 1. */
  readonly width: number;
  /** 1 (luminance) or 3 (red, green and blue). */
  readonly channels: number;
}

const FIT_TO_INPUT_OPTIONS: OptionNames<FitToInputOptions> = { height: true, width: true, channels: true };

/**
 * Images in the form that a model reads: center-cropped to the aspect ratio of its input, resized, and converted to
 * luminance for an input of one channel.
 *
 * @returns count x height x width x channels values, 0..255.
 * @throws InputError if an option is out of range.
 */
export function fitToInput(images: readonly DecodedImage[], options: FitToInputOptions): Uint8Array {
  expectOptions('fitToInput', options, FIT_TO_INPUT_OPTIONS);
  expectObject('the options of fitToInput', options);
  expectList('images', images, expectDecodedImage);
  const { height, width, channels } = options;
  expectInteger('height', height, { min: 1 });
  expectInteger('width', width, { min: 1 });
  if (channels !== 1 && channels !== 3)
    throw new InputError(`Expected channels to be 1 or 3, got ${channels as number}`);
  const size = height * width * channels;
  const pixels = new Uint8Array(images.length * size);
  images.forEach((image, i) => {
    const { pixels: rgb } = resizeImage(image, { height, width, fit: 'center-crop' });
    pixels.set(channels === 3 ? rgb : luminance(rgb), i * size);
  });
  return pixels;
}
