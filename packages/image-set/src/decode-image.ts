import { InputError } from '@convlens/core';
import { convertIndexedToRgb, decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import { exifOrientation, turned } from './exif-orientation.js';
import { expectJpeg } from './jpeg-guard.js';
import { guardedPng } from './png-guard.js';

/** One image: height x width x 3 bytes. */
export interface DecodedImage {
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
}

export interface DecodeOptions {
  /**
   * Turn a JPEG as its camera noted (EXIF), as browsers do when they show it. Default false: the note is passed over, as
   * Pillow's `open` does and with it every loader of a folder of images.
   */
  readonly isUpright?: boolean;
}

/** More pixels than a photograph has; 4 bytes each are needed to decode them. */
const MAX_PIXELS = 64e6;

const startsWith = (bytes: Uint8Array, ...magic: number[]) => magic.every((byte, i) => bytes[i] === byte);

/**
 * Decodes a PNG (any bit depth and colour type) or a JPEG (baseline or progressive) to red, green and blue. The same
 * pixels in Node and in every browser, as no platform's decoder takes part. What is transparent is laid on black.
 *
 * @throws InputError that names the file if it is neither, damaged, larger than 64 million pixels, or an interlaced PNG of
 *   fewer than 8 bits a sample.
 */
export function decodeImage(
  bytes: Uint8Array,
  where = 'image',
  { isUpright = false }: DecodeOptions = {},
): DecodedImage {
  try {
    if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47)) return fromPng(bytes, where);
    if (startsWith(bytes, 0xff, 0xd8)) {
      const { isRgb } = expectJpeg(bytes, { where, maxPixels: MAX_PIXELS });
      const { data, width, height } = decodeJpeg(bytes, {
        colorTransform: isRgb ? false : undefined,
        useTArray: true,
        tolerantDecoding: false,
        maxResolutionInMP: MAX_PIXELS / 1e6,
        maxMemoryUsageInMB: 1024,
      });
      const image = { width, height, pixels: toRgb(data, 4, 8) };
      return isUpright ? turned(image, exifOrientation(bytes)) : image;
    }
  } catch (error) {
    if ((error as Error).name === 'InputError') throw error;
    throw new InputError(`${where}: expected an image, found a damaged one: ${(error as Error).message}`);
  }
  const found = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw new InputError(
    `${where}: expected a PNG or a JPEG, found a file that begins with ${found || 'nothing'}`,
  );
}

function fromPng(bytes: Uint8Array, where: string): DecodedImage {
  const png = decodePng(guardedPng(bytes, { where, maxPixels: MAX_PIXELS }), { checkCrc: true });
  const { width, height } = png;
  if (png.palette) {
    const pixels = convertIndexedToRgb(png);
    return { width, height, pixels: toRgb(pixels, pixels.length / (width * height), 8) };
  }
  // fast-png leaves samples below a byte packed, each row from a byte of its own.
  const samples = png.depth < 8 ? unpacked(png.data as Uint8Array, png) : png.data;
  const pixels = toRgb(samples, png.channels, png.depth);
  if (png.transparency) blacken(pixels, { samples, channels: png.channels, key: png.transparency });
  return { width, height, pixels };
}

/** Makes the pixels black whose samples are the colour that stands for "transparent". */
function blacken(
  pixels: Uint8Array,
  { samples, channels, key }: { samples: ArrayLike<number>; channels: number; key: ArrayLike<number> },
): void {
  for (let at = 0, out = 0; at < samples.length; at += channels, out += 3) {
    let c = 0;
    while (c < channels && samples[at + c] === key[c]) c++;
    if (c === channels) pixels.fill(0, out, out + 3);
  }
}

function unpacked(
  data: Uint8Array,
  { width, height, depth }: { width: number; height: number; depth: number },
): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const mask = 2 ** depth - 1;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)];
    return (byte >> (8 - depth - (bit & 7))) & mask;
  });
}

/** Grey, grey and alpha, colour, or colour and alpha, of any depth, as three bytes a pixel. */
function toRgb(samples: ArrayLike<number>, channels: number, depth: number): Uint8Array {
  const count = samples.length / channels;
  const rgb = new Uint8Array(count * 3);
  const hasAlpha = channels === 2 || channels === 4;
  const max = 2 ** depth - 1;
  const scale = 255 / max;
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  for (let i = 0, at = 0, out = 0; i < count; i++, at += channels, out += 3) {
    const weight = hasAlpha ? (scale * samples[at + channels - 1]) / max : scale;
    rgb[out] = Math.round(weight * samples[at]);
    rgb[out + 1] = Math.round(weight * samples[at + green]);
    rgb[out + 2] = Math.round(weight * samples[at + blue]);
  }
  return rgb;
}
