import { toRgb, type RgbColor } from '../codecs/to-rgb.js';
import type { ImageFile } from '../layout/image-file.js';
import type { ImageRecords, ImageShape, ReadImage } from './image-records.js';
import type { RecordLayout, RecordPart } from './record-layout.js';

/** Images of one size as arrays of pixels, and their labels. */
export interface PixelArray extends RecordPart {
  readonly height: number;
  readonly width: number;
  /** 1 or 3; 2 or 4 with alpha as the last. */
  readonly channels: number;
  /** The bytes of one image: height x width x channels. */
  pixelsOf(row: number): Uint8Array;
}

/** Images that lie in memory as arrays. */
export function arrayRecords(
  location: string,
  arrays: readonly PixelArray[],
  { layout, places }: RecordLayout,
): ImageRecords {
  return {
    location,
    layout,
    all: [...places.keys()],
    shape: shapeOfArray(arrays[0]),
    async *images(records, background) {
      for (const [position, record] of records.entries()) {
        const { part, row } = places.get(record)!;
        yield readImage(arrays[part], { record, position, row, background });
      }
    },
  };
}

function readImage(
  array: PixelArray,
  {
    record,
    position,
    row,
    background,
  }: { record: ImageFile; position: number; row: number; background?: RgbColor },
): ReadImage {
  const { height, width, channels } = array;
  const pixels = array.pixelsOf(row);
  const image = { pixels: toRgb(pixels, { channels, depth: 8, background }), height, width };
  return { position, name: record.name, image, bytes: pixels.length };
}

const shapeOfArray = ({ height, width, channels }: PixelArray): ImageShape => ({
  height,
  width,
  channels: channels < 3 ? 1 : 3,
});
