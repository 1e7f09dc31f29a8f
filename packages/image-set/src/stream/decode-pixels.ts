import { readImage } from '../codecs/decode-image.js';
import { luminance } from '../codecs/luminance.js';
import { resizeImage, type ResizeFit, type Size } from '../codecs/resize.js';
import type { RgbColor } from '../codecs/to-rgb.js';

/** An image file, and what is made of it. */
export interface DecodeRequest extends Size {
  /** The path of the file, for messages. */
  readonly name: string;
  /** The content of the file. */
  readonly bytes: Uint8Array;
  /** How an image of another aspect ratio is resized; default 'center-crop'. */
  readonly fit?: ResizeFit;
  /** Values per pixel: 3, or 1 for the luminance. */
  readonly channels: 1 | 3;
  /** The color that shows through transparent pixels, and beside images that are padded; default black. */
  readonly background?: RgbColor;
}

/** The pixels of an image file, height x width x channels bytes, as `loadFolder` reads them. */
export async function decodePixels(request: DecodeRequest): Promise<Uint8Array> {
  const { name, bytes, height, width, fit = 'center-crop', channels, background } = request;
  const image = await readImage(bytes, { name, background });
  const { pixels } = resizeImage(image, { height, width, fit, background });
  return channels === 3 ? pixels : luminance(pixels);
}
