import {
  expectBytes,
  expectBoolean,
  expectOptions,
  InputError,
  isInputError,
  type OptionNames,
} from '@convlens/core';
import { describeFile, firstBytes } from '@convlens/formats';
import { applyOrientation } from './apply-orientation.js';
import { decodeBmp } from './bmp/decode-bmp.js';
import type { DecodedImage } from './decoded-image.js';
import { exifOrientation } from './exif-orientation.js';
import { expectColor } from './expect-color.js';
import { decodeGif } from './gif/decode-gif.js';
import { imageFormat, type ImageFormat } from './image-format.js';
import type { DecoderOptions } from './image-limits.js';
import { decodeJpeg } from './jpeg/decode-jpeg.js';
import { decodePng } from './png/decode-png.js';
import { BLACK, type RgbColor } from './to-rgb.js';
import { decodeWebp } from './webp/decode-webp.js';

export interface DecodeImageOptions {
  /** The name of the file in messages; default "image". */
  readonly name?: string;
  /**
   * Whether to rotate an image as its EXIF orientation asks for, as browsers do when they show it; default false, as Pillow's
   * `open` and thus most loaders of image folders.
   */
  readonly applyExifOrientation?: boolean;
  /** The color, 0..255, that shows through transparent pixels; default black, [0, 0, 0]. */
  readonly background?: RgbColor;
}

const DECODE_IMAGE_OPTIONS: OptionNames<DecodeImageOptions> = {
  name: true,
  applyExifOrientation: true,
  background: true,
};

/** More pixels than a photo has. Decoding needs 4 bytes for each. */
const MAX_PIXELS = 64e6;

/**
 * Decodes a PNG, a JPEG (baseline or progressive), a GIF (its first frame) or a BMP. The pixels are the same in Node and in all
 * browsers, since no decoder of a platform is used. Transparent pixels are blended with `background`. `readImage` decodes WebP too.
 *
 * @throws InputError if the file is none of them, is damaged or has more than 64 million pixels.
 */
export function decodeImage(bytes: Uint8Array, options: DecodeImageOptions = {}): DecodedImage {
  expectOptions('decodeImage', options, DECODE_IMAGE_OPTIONS);
  const { format, name, ...request } = requestOf(bytes, options);
  if (format === 'webp')
    throw new InputError(
      `${name}: expected a PNG, JPEG, GIF or BMP, found a WebP image, which readImage decodes`,
    );
  return decodeNow(bytes, { format, name, ...request });
}

/**
 * Decodes an image as `decodeImage` does, or a WebP, lossy or lossless: with libwebp in WebAssembly, which is loaded with the
 * first WebP; in a browser, with its own decoder, where blended pixels may differ by 1.
 *
 * @throws InputError if the file is none of them, is damaged or has more than 64 million pixels.
 */
export async function readImage(bytes: Uint8Array, options: DecodeImageOptions = {}): Promise<DecodedImage> {
  expectOptions('readImage', options, DECODE_IMAGE_OPTIONS);
  const { format, ...request } = requestOf(bytes, options);
  return format === 'webp' ? decodeWebp(bytes, request) : decodeNow(bytes, { format, ...request });
}

interface Request extends DecoderOptions {
  readonly format: ImageFormat;
  readonly applyExifOrientation: boolean;
}

function requestOf(bytes: Uint8Array, options: DecodeImageOptions): Request {
  expectBytes('bytes', bytes);
  const { name = 'image', applyExifOrientation = false, background = BLACK } = options;
  expectColor('background', background);
  expectBoolean('applyExifOrientation', applyExifOrientation);
  const format = imageFormat(bytes);
  if (!format)
    throw new InputError(
      `${name}: expected a PNG, JPEG, WebP, GIF or BMP, found a file that begins with ${firstBytes(bytes)}${otherKind(bytes)}`,
    );
  return { format, name, applyExifOrientation, background, maxPixels: MAX_PIXELS };
}

function decodeNow(bytes: Uint8Array, request: Request): DecodedImage {
  const { format, name, applyExifOrientation } = request;
  try {
    if (format === 'png') return decodePng(bytes, request);
    if (format === 'gif') return decodeGif(bytes, request);
    if (format === 'bmp') return decodeBmp(bytes, request);
    const image = decodeJpeg(bytes, request);
    return applyExifOrientation ? applyOrientation(image, exifOrientation(bytes)) : image;
  } catch (error) {
    if (isInputError(error)) throw error;
    throw new InputError(`${name}: expected an image, found a damaged one: ${(error as Error).message}`);
  }
}

/** ", a TIFF image: ..." for a file of a kind that is known; else "". */
function otherKind(bytes: Uint8Array): string {
  const kind = describeFile(bytes);
  if (kind.startsWith('a file that begins')) return '';
  return `, ${kind}${kind.endsWith('image') ? ': save it as PNG or JPEG' : ''}`;
}
