import type { DecodedImage } from './decode-image.js';

/** The tag of the note, and its type: one unsigned short (Exif 2.32, 4.6.4 A). */
const ORIENTATION = 0x0112;
const SHORT = 3;
/** The marker of the segment that Exif stands in, and what it begins with: "Exif", two zeros. */
const APP1 = 0xe1;
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];

/**
 * How the picture in a JPEG is to be turned, as its camera noted: 1 (as it is) to 8. 1 where there is no note that can be
 * read; a broken one breaks no picture.
 */
export function exifOrientation(jpeg: Uint8Array): number {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  // The segments before the picture's data follow one on the other.
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== 0xda;) {
    // Bytes 255 may stand before a marker.
    if (jpeg[at + 1] === 0xff) {
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (jpeg[at + 1] === APP1 && EXIF.every((byte, i) => jpeg[at + 4 + i] === byte)) {
      const tiff = jpeg.subarray(at + 4 + EXIF.length, at + 2 + length);
      return orientationIn(new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength));
    }
    at += 2 + Math.max(2, length);
  }
  return 1;
}

/** Reads the first directory of a TIFF, whose entries have twelve bytes each. */
function orientationIn(tiff: DataView): number {
  try {
    const isLittle = tiff.getUint16(0) === 0x4949;
    const directory = tiff.getUint32(4, isLittle);
    const entries = tiff.getUint16(directory, isLittle);
    for (let i = 0; i < entries; i++) {
      const entry = directory + 2 + 12 * i;
      if (tiff.getUint16(entry, isLittle) !== ORIENTATION) continue;
      const orientation = tiff.getUint16(entry + 8, isLittle);
      const isShort =
        tiff.getUint16(entry + 2, isLittle) === SHORT && tiff.getUint32(entry + 4, isLittle) === 1;
      return isShort && orientation >= 1 && orientation <= 8 ? orientation : 1;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return 1;
}

/** Turns an image as a camera noted that it is to be turned, so that it stands upright. */
export function turned(image: DecodedImage, orientation: number): DecodedImage {
  if (orientation === 1) return image;
  // Exif names where row 0 and column 0 of the file are seen: 3 is "bottom, right", 6 "right, top".
  const isSwapped = orientation >= 5;
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const [height, width] = isSwapped ? [image.width, image.height] : [image.height, image.width];
  const pixels = new Uint8Array(image.pixels.length);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += 3) {
      const [row, column] = isSwapped ? [x, y] : [y, x];
      const fromRow = fromBottom ? image.height - 1 - row : row;
      const fromColumn = fromRight ? image.width - 1 - column : column;
      const from = (fromRow * image.width + fromColumn) * 3;
      pixels[to] = image.pixels[from];
      pixels[to + 1] = image.pixels[from + 1];
      pixels[to + 2] = image.pixels[from + 2];
    }
  return { pixels, height, width };
}
