import { InputError } from '@convlens/core';
import { centerCrop, type DecodedImage } from '@convlens/image-set/folder';

/** An image of the user, encoded as in its file: decoded, large photos would take too much memory. */
export interface UserImage {
  readonly name: string;
  readonly file: Blob;
}

/**
 * Copies a file into memory: it may be gone when the next model needs the image.
 *
 * @throws InputError if it cannot be read.
 */
export async function readUserImage(file: File): Promise<UserImage> {
  const { name } = file;
  try {
    return { name, file: new Blob([await file.arrayBuffer()]) };
  } catch (error) {
    throw new InputError(`${name} cannot be read: ${(error as Error).message}`);
  }
}

/** A size in pixels. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/**
 * The center crop of an image in the aspect ratio of `shape`, at full resolution: the part that `resizeImage` keeps with
 * `fit: 'center-crop'`. The EXIF orientation is applied, the color profile is ignored, and transparent pixels are blended
 * with black.
 *
 * @throws InputError if the browser cannot decode it.
 */
export async function decodeUserImage({ name, file }: UserImage, shape: Size): Promise<DecodedImage> {
  try {
    const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' });
    try {
      return decodeCenterCrop(bitmap, shape);
    } finally {
      bitmap.close();
    }
  } catch (error) {
    throw new InputError(
      `Expected ${name} to be an image that this browser can decode (PNG, JPEG, WebP): ${(error as Error).message}`,
    );
  }
}

/** Browsers limit the size of a canvas, so only the crop is rendered. */
function decodeCenterCrop(bitmap: ImageBitmap, shape: Size): DecodedImage {
  const { top, left, height, width } = centerCrop(bitmap, shape);
  const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false });
  if (!context) throw new Error('it is too large.');
  context.drawImage(bitmap, -left, -top);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(height * width * 3);
  for (let from = 0, to = 0; to < pixels.length; from += 4, to += 3) {
    pixels[to] = data[from];
    pixels[to + 1] = data[from + 1];
    pixels[to + 2] = data[from + 2];
  }
  return { pixels, height, width };
}
