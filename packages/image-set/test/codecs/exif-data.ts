export interface OrientationTag {
  readonly orientation: number;
  readonly littleEndian?: boolean;
  readonly type?: number;
  readonly count?: number;
}

/** Exif data (TIFF) with two entries, the second one the orientation. */
export function exifData({
  orientation,
  littleEndian = false,
  type = 3,
  count = 1,
}: OrientationTag): Uint8Array {
  const tiff = new DataView(new ArrayBuffer(8 + 2 + 2 * 12 + 4));
  tiff.setUint16(0, littleEndian ? 0x4949 : 0x4d4d);
  tiff.setUint16(2, 42, littleEndian);
  tiff.setUint32(4, 8, littleEndian);
  tiff.setUint16(8, 2, littleEndian);
  const entry = (offset: number, tag: number, value: number) => {
    tiff.setUint16(offset, tag, littleEndian);
    tiff.setUint16(offset + 2, type, littleEndian);
    tiff.setUint32(offset + 4, count, littleEndian);
    tiff.setUint16(offset + 8, value, littleEndian);
  };
  entry(10, 0x0106, 7);
  entry(22, 0x0112, orientation);
  return new Uint8Array(tiff.buffer);
}
