import { InputError } from '@convlens/core';
import { middlePart, type DecodedImage } from '@convlens/image-set/folder';

/** A picture of the reader's own, as its file has it: many large ones fit in memory. */
export interface Picture {
  readonly name: string;
  readonly file: Blob;
}

/** Reads it whole: the file may be gone when another network is to be given it. Throws an InputError if it is gone, or a folder. */
export async function readPicture(file: File): Promise<Picture> {
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
 * The middle of a picture, as much of it as has the shape of what a network reads, in all its pixels: what `resizeImage`
 * with `fit: 'crop'` cuts out. Turned as its file says (EXIF); colours as they stand in the file, without its colour
 * profile; what is transparent is laid on black. Throws an InputError if the browser cannot read it.
 */
export async function decodePicture({ name, file }: Picture, shape: Size): Promise<DecodedImage> {
  try {
    const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' });
    try {
      return middleOf(bitmap, shape);
    } finally {
      bitmap.close();
    }
  } catch (error) {
    throw new InputError(
      `Expected ${name} to be a picture that this browser can read (PNG, JPEG, WebP): ${(error as Error).message}`,
    );
  }
}

/** No more than the part that counts is drawn: browsers limit the size of a canvas. */
function middleOf(bitmap: ImageBitmap, shape: Size): DecodedImage {
  const { top, left, height, width } = middlePart(bitmap, shape);
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
