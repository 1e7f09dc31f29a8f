import { InputError } from '@convlens/core';
import type { DecodedImage } from '@convlens/image-set/folder';
import type { Picture } from './messages.js';

/**
 * The square in the middle of a picture, in all its pixels: what `resizeImage` with `fit: 'crop'` cuts out for a square
 * network. Turned as its file says (EXIF); colours as they stand in the file, without its colour profile; what is
 * transparent is laid on black. Throws an InputError if the browser cannot read it.
 */
export async function decodePicture({ name, file }: Picture): Promise<DecodedImage> {
  try {
    const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' });
    try {
      return middleOf(bitmap);
    } finally {
      bitmap.close();
    }
  } catch (error) {
    throw new InputError(
      `Expected ${name} to be a picture that this browser can read (PNG, JPEG, WebP): ${(error as Error).message}`,
    );
  }
}

function middleOf(bitmap: ImageBitmap): DecodedImage {
  const side = Math.min(bitmap.width, bitmap.height);
  const context = new OffscreenCanvas(side, side).getContext('2d', { alpha: false });
  if (!context) throw new Error('it is too large.');
  context.drawImage(bitmap, -((bitmap.width - side) >> 1), -((bitmap.height - side) >> 1));
  const { data } = context.getImageData(0, 0, side, side);
  const pixels = new Uint8Array(side * side * 3);
  for (let from = 0, to = 0; to < pixels.length; from += 4, to += 3) {
    pixels[to] = data[from];
    pixels[to + 1] = data[from + 1];
    pixels[to + 2] = data[from + 2];
  }
  return { pixels, height: side, width: side };
}
