/** The orientation tag and its type, one unsigned 16-bit integer (Exif 2.32, 4.6.4 A). */
const ORIENTATION_TAG = 0x0112;
const SHORT_TYPE = 3;
const UPRIGHT = 1;

/** The marker of the segment with Exif data, and the bytes that it begins with: "Exif" and two zeros. */
const APP1 = 0xe1;
const EXIF_SIGNATURE = [0x45, 0x78, 0x69, 0x66, 0, 0];
const START_OF_SCAN = 0xda;

const ENTRY_BYTES = 12;

/**
 * The EXIF orientation of a JPEG: 1 (upright) to 8. 1 if it has none that can be read: broken metadata does not make an image
 * unreadable.
 */
export function exifOrientation(jpeg: Uint8Array): number {
  const tiff = exifData(jpeg);
  return tiff ? orientationOf(tiff) : UPRIGHT;
}

/** The orientation in Exif data, which is TIFF data: 1 to 8; 1 if it has none that can be read. */
export function orientationOf(tiff: Uint8Array): number {
  try {
    return readOrientation(new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)) ?? UPRIGHT;
  } catch (error) {
    // A read outside of the data.
    if (error instanceof RangeError) return UPRIGHT;
    throw error;
  }
}

/** The TIFF data in the Exif segment, if there is one before the image data. */
function exifData(jpeg: Uint8Array): Uint8Array | undefined {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  let position = 2;
  while (position + 4 <= jpeg.length && jpeg[position] === 0xff && jpeg[position + 1] !== START_OF_SCAN) {
    const marker = jpeg[position + 1];
    if (marker === 0xff) {
      // A fill byte before a marker.
      position++;
      continue;
    }
    const body = position + 4;
    const end = position + 2 + Math.max(2, view.getUint16(position + 2));
    if (marker === APP1 && EXIF_SIGNATURE.every((byte, i) => jpeg[body + i] === byte))
      return jpeg.subarray(body + EXIF_SIGNATURE.length, end);
    position = end;
  }
  return undefined;
}

/** The orientation in the first directory of TIFF data; undefined if it has none, or one out of range. */
function readOrientation(tiff: DataView): number | undefined {
  const littleEndian = tiff.getUint16(0) === 0x4949;
  const directory = tiff.getUint32(4, littleEndian);
  const entryCount = tiff.getUint16(directory, littleEndian);
  for (let i = 0; i < entryCount; i++) {
    const entry = directory + 2 + ENTRY_BYTES * i;
    if (tiff.getUint16(entry, littleEndian) !== ORIENTATION_TAG) continue;
    const type = tiff.getUint16(entry + 2, littleEndian);
    const count = tiff.getUint32(entry + 4, littleEndian);
    const orientation = tiff.getUint16(entry + 8, littleEndian);
    const isValid = type === SHORT_TYPE && count === 1 && orientation >= 1 && orientation <= 8;
    return isValid ? orientation : undefined;
  }
  return undefined;
}
