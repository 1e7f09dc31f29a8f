import type { JpegFrame } from './jpeg-frame.js';
import type { SampleRow } from './jpeg-upsample.js';

/** How the components of a JPEG make colors: luminance, luminance and color differences, colors, and inks. */
export type JpegColors = 'gray' | 'ycc' | 'rgb' | 'cmyk' | 'ycck';

/** What segments of applications say about colors. */
export interface ColorMarkers {
  readonly hasJfif: boolean;
  /** The transform in the segment of Adobe; undefined without one. */
  readonly adobeTransform?: number;
}

/** The colors of a JPEG, by the rules of libjpeg. */
export function jpegColors({ components }: JpegFrame, { hasJfif, adobeTransform }: ColorMarkers): JpegColors {
  if (components.length === 1) return 'gray';
  if (components.length === 4) return adobeTransform === undefined || adobeTransform === 0 ? 'cmyk' : 'ycck';
  if (hasJfif) return 'ycc';
  const ids = String.fromCharCode(...components.map(({ id }) => id));
  const isRgb = adobeTransform === undefined ? ids === 'RGB' : adobeTransform === 0;
  return isRgb ? 'rgb' : 'ycc';
}

/** The parts of the color differences in red, green and blue (JFIF 1.02), times 2^16. */
const BITS = 16;
const HALF = 1 << (BITS - 1);
const table = (valueOf: (difference: number) => number) =>
  Int32Array.from({ length: 256 }, (_, i) => valueOf(i - 128));
const RED_OF_CR = table((cr) => (91881 * cr + HALF) >> BITS);
const BLUE_OF_CB = table((cb) => (116130 * cb + HALF) >> BITS);
/** Both are added before they are shifted. */
const GREEN_OF_CR = table((cr) => -46802 * cr);
const GREEN_OF_CB = table((cb) => -22554 * cb + HALF);

/** Where a row of pixels is written, three bytes each: from the place `to` on. */
export interface PixelRow {
  readonly pixels: Uint8ClampedArray;
  readonly to: number;
  readonly width: number;
}

/** Writes a row of pixels from rows of components. */
type WriteRow = (rows: readonly SampleRow[], target: PixelRow) => void;

function writeGray([gray]: readonly SampleRow[], { pixels, to, width }: PixelRow): void {
  for (let x = 0, at = to; x < width; x++, at += 3) {
    const value = gray.values[gray.start + x];
    pixels[at] = value;
    pixels[at + 1] = value;
    pixels[at + 2] = value;
  }
}

function writeRgb([red, green, blue]: readonly SampleRow[], { pixels, to, width }: PixelRow): void {
  for (let x = 0, at = to; x < width; x++, at += 3) {
    pixels[at] = red.values[red.start + x];
    pixels[at + 1] = green.values[green.start + x];
    pixels[at + 2] = blue.values[blue.start + x];
  }
}

function writeYcc([luminance, blue, red]: readonly SampleRow[], { pixels, to, width }: PixelRow): void {
  for (let x = 0, at = to; x < width; x++, at += 3) {
    const y = luminance.values[luminance.start + x];
    const cb = blue.values[blue.start + x];
    const cr = red.values[red.start + x];
    pixels[at] = y + RED_OF_CR[cr];
    pixels[at + 1] = y + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> BITS);
    pixels[at + 2] = y + BLUE_OF_CB[cb];
  }
}

/** Inks as they are stored, 255 for none, laid on white as Pillow does. */
function writeCmyk(
  [cyan, magenta, yellow, key]: readonly SampleRow[],
  { pixels, to, width }: PixelRow,
): void {
  for (let x = 0, at = to; x < width; x++, at += 3) {
    const light = key.values[key.start + x];
    pixels[at] = light - product(255 - cyan.values[cyan.start + x], light);
    pixels[at + 1] = light - product(255 - magenta.values[magenta.start + x], light);
    pixels[at + 2] = light - product(255 - yellow.values[yellow.start + x], light);
  }
}

/** The product of two bytes as fractions of 255, as Pillow rounds it. */
function product(a: number, b: number): number {
  const value = a * b + 128;
  return ((value >> 8) + value) >> 8;
}

/** Inks whose first three are stored as luminance and color differences. */
function writeYcck(rows: readonly SampleRow[], target: PixelRow): void {
  const { pixels, to, width } = target;
  writeYcc(rows, target);
  const inks = [0, 1, 2].map((c) => ({
    values: Uint8ClampedArray.from({ length: width }, (_, x) => 255 - pixels[to + 3 * x + c]),
    start: 0,
  }));
  writeCmyk([...inks, rows[3]], target);
}

export const WRITE_ROW: Readonly<Record<JpegColors, WriteRow>> = {
  gray: writeGray,
  rgb: writeRgb,
  ycc: writeYcc,
  cmyk: writeCmyk,
  ycck: writeYcck,
};
