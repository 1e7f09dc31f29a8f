import { decodeImage } from '../codecs/decode-image.js';
import { luminance } from '../codecs/luminance.js';
import { resizeImage, type ResizeOptions } from '../codecs/resize.js';
import type { RgbColor } from '../codecs/to-rgb.js';

/** An image file, and what is made of it. */
export interface DecodeRequest extends ResizeOptions {
  /** The path of the file, for messages. */
  readonly name: string;
  /** The content of the file. */
  readonly bytes: Uint8Array;
  /** Values per pixel: 3, or 1 for the luminance. */
  readonly channels: 1 | 3;
  /** The color that shows through transparent pixels; default black. */
  readonly background?: RgbColor;
}

/** The pixels of an image file, height x width x channels bytes, as `loadFolder` reads them. */
export function decodePixels(request: DecodeRequest): Uint8Array {
  const { name, bytes, height, width, fit, channels, background } = request;
  const { pixels } = resizeImage(decodeImage(bytes, { name, background }), { height, width, fit });
  return channels === 3 ? pixels : luminance(pixels);
}
