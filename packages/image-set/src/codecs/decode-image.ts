import {
  expectBytes,
  expectBoolean,
  expectInteger,
  expectList,
  expectOptions,
  InputError,
  isInputError,
  type OptionNames,
} from '@convlens/core';
import { describeFile, fileType, firstBytes } from '@convlens/formats';
import { applyOrientation } from './apply-orientation.js';
import type { DecodedImage } from './decoded-image.js';
import { exifOrientation } from './exif-orientation.js';
import { decodeJpeg } from './jpeg/decode-jpeg.js';
import { decodePng } from './png/decode-png.js';
import { BLACK, type RgbColor } from './to-rgb.js';

export interface DecodeImageOptions {
  /** The name of the file in messages; default "image". */
  readonly name?: string;
  /**
   * Whether to rotate a JPEG or a PNG as its EXIF orientation asks for, as browsers do when they show it; default false, as Pillow's
   * `open` and thus most loaders of image folders.
   */
  readonly applyExifOrientation?: boolean;
  /** The color, 0..255, that shows through transparent pixels of a PNG; default black, [0, 0, 0]. */
  readonly background?: RgbColor;
}

const DECODE_IMAGE_OPTIONS: OptionNames<DecodeImageOptions> = {
  name: true,
  applyExifOrientation: true,
  background: true,
};

/** Throws an InputError unless a value is three integers from 0 to 255. */
export function expectColor(name: string, color: RgbColor): RgbColor {
  expectList(name, color);
  if (color.length !== 3)
    throw new InputError(`Expected ${name} to be red, green and blue, got ${color.length} values`);
  color.forEach((value, i) => expectInteger(`${name}[${i}]`, value, { max: 255 }));
  return color;
}

/** More pixels than a photo has. Decoding needs 4 bytes for each. */
const MAX_PIXELS = 64e6;

/**
 * Decodes a PNG (any bit depth and color type) or a JPEG (baseline or progressive). The pixels are the same in Node and in all
 * browsers, since no decoder of a platform is used. Transparent pixels are blended with `background`.
 *
 * @throws InputError if the file is neither, is damaged has or more than 64 million pixels.
 */
export function decodeImage(bytes: Uint8Array, options: DecodeImageOptions = {}): DecodedImage {
  expectOptions('decodeImage', options, DECODE_IMAGE_OPTIONS);
  expectBytes('bytes', bytes);
  const { name = 'image', applyExifOrientation = false, background = BLACK } = options;
  expectColor('background', background);
  expectBoolean('applyExifOrientation', applyExifOrientation);
  const type = fileType(bytes);
  if (type !== 'png' && type !== 'jpeg')
    throw new InputError(
      `${name}: expected a PNG or a JPEG, found a file that begins with ${firstBytes(bytes)}${otherKind(bytes)}`,
    );
  try {
    if (type === 'png')
      return decodePng(bytes, { name, maxPixels: MAX_PIXELS, applyExifOrientation, background });
    const image = decodeJpeg(bytes, { name, maxPixels: MAX_PIXELS });
    return applyExifOrientation ? applyOrientation(image, exifOrientation(bytes)) : image;
  } catch (error) {
    if (isInputError(error)) throw error;
    throw new InputError(`${name}: expected an image, found a damaged one: ${(error as Error).message}`);
  }
}

/** ", a WebP image: ..." for a file of a kind that is known; else "". */
function otherKind(bytes: Uint8Array): string {
  const kind = describeFile(bytes);
  if (kind.startsWith('a file that begins')) return '';
  return `, ${kind}${kind.endsWith('image') ? ': save it as PNG or JPEG' : ''}`;
}
