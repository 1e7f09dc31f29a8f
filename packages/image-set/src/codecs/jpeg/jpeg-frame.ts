import { ceilDivide } from './ceil-divide.js';
import type { JpegFail } from './jpeg-fail.js';

/** The side of a block in samples. */
export const BLOCK_SIDE = 8;
export const BLOCK_SAMPLES = 64;

const MAX_SAMPLING = 4;

/** A component of an image: luminance, a color difference, or a color. */
export interface JpegComponent {
  /** The id that scans name it by. */
  readonly id: number;
  /** Its resolution along a row and a column, relative to the largest of all components: 1 to 4. */
  readonly h: number;
  readonly v: number;
  readonly quantizationId: number;
  /** Its size in samples. */
  readonly width: number;
  readonly height: number;
  /** Its size in blocks. */
  readonly blockColumns: number;
  readonly blockRows: number;
  /** The blocks of a row and a column in memory: whole units of all components. */
  readonly storedColumns: number;
  readonly storedRows: number;
}

/** The header of a frame (ITU-T T.81, B.2.2). */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly isProgressive: boolean;
  readonly components: readonly JpegComponent[];
  /** The largest resolution of a component. */
  readonly maxH: number;
  readonly maxV: number;
  /** The units of a row and a column: what a scan of all components codes together. */
  readonly unitColumns: number;
  readonly unitRows: number;
}

export interface ReadFrameOptions {
  readonly isProgressive: boolean;
  readonly maxPixels: number;
  /** The bytes of the whole file. */
  readonly fileBytes: number;
  readonly fail: JpegFail;
}

/** Reads the header of a frame, before memory is reserved for it. */
export function readJpegFrame(
  segment: Uint8Array,
  { isProgressive, maxPixels, fileBytes, fail }: ReadFrameOptions,
): JpegFrame {
  const [precision, heightHigh, heightLow, widthHigh, widthLow, count] = segment;
  const height = (heightHigh << 8) | heightLow;
  const width = (widthHigh << 8) | widthLow;
  if (segment.length < 6 || segment.length < 6 + 3 * count) fail('the header of a frame', 'fewer bytes');
  if (precision !== 8) fail('8 bits per channel', `${precision}`);
  if (width < 1 || height < 1 || width * height > maxPixels)
    fail(`an image of 1 to ${maxPixels} pixels`, `${width} x ${height}`);
  // Each block takes at least a bit.
  if (width * height > 8 * fileBytes * BLOCK_SAMPLES)
    fail(`data for ${width} x ${height} pixels`, `${fileBytes} bytes`);
  if (![1, 3, 4].includes(count)) fail('1, 3 or 4 components', `${count}`);
  const headers = Array.from({ length: count }, (_, i) => {
    const [id, sampling, quantizationId] = segment.subarray(6 + 3 * i, 9 + 3 * i);
    return { id, h: sampling >> 4, v: sampling & 15, quantizationId };
  });
  if (headers.some(({ h, v }) => h < 1 || v < 1 || h > MAX_SAMPLING || v > MAX_SAMPLING))
    fail(`sampling factors of 1 to ${MAX_SAMPLING}`, 'others');
  if (new Set(headers.map(({ id }) => id)).size < count) fail('components with different ids', 'equal ones');
  const maxH = Math.max(...headers.map(({ h }) => h));
  const maxV = Math.max(...headers.map(({ v }) => v));
  const unitColumns = ceilDivide(width, BLOCK_SIDE * maxH);
  const unitRows = ceilDivide(height, BLOCK_SIDE * maxV);
  const components = headers.map((header) => {
    const size = {
      width: ceilDivide(width * header.h, maxH),
      height: ceilDivide(height * header.v, maxV),
    };
    return {
      ...header,
      ...size,
      blockColumns: ceilDivide(size.width, BLOCK_SIDE),
      blockRows: ceilDivide(size.height, BLOCK_SIDE),
      storedColumns: unitColumns * header.h,
      storedRows: unitRows * header.v,
    };
  });
  return { width, height, isProgressive, components, maxH, maxV, unitColumns, unitRows };
}
