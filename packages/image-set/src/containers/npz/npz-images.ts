import { InputError } from '@convlens/core';
import type { NumpyElements } from './numpy-elements.js';

/** The images of an array: where each axis lies in it, and the factor to 0..255. */
export interface NumpyImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  pixelsOf(row: number): Uint8Array;
  /** What is odd about the pixels. */
  readonly warnings: readonly string[];
}

/** Count, height, width, channels: each as its length and its distance in memory. */
type Axes = readonly [Axis, Axis, Axis, Axis];
interface Axis {
  readonly length: number;
  readonly stride: number;
}

/** Of images in rows: fewer numbers are rather features than pixels. */
const MIN_SIDE = 8;

/** Below it the pixels are hardly in 0..255, as the digits 0..16 of scikit-learn. */
const DARK = 64;

const SINGLE: Axis = { length: 1, stride: 0 };

/**
 * Arrays of images: (count, height, width), (count, height, width, channels), (count, channels, height, width), or gray squares
 * in rows, (count, size * size). Floats in 0..1 are scaled to 0..255.
 *
 * @throws InputError if the shape is another, or if values are outside of 0..255
 */
export function imagesOf(array: NumpyElements): NumpyImages {
  const [images, rows, columns, colors] = axesOf(array);
  const [count, height, width, channels] = [images, rows, columns, colors].map(({ length }) => length);
  if (count * height * width * channels === 0)
    throw new InputError(`${array.name}: expected images, got the shape (${array.shape.join(', ')})`);
  const max = largestPixel(array);
  // Floats up to 1 are parts of 255.
  const scale = array.isFloat && max <= 1 ? 255 : 1;
  const size = height * width * channels;
  const isInterleaved =
    array.bytes !== undefined && images.stride === size && (channels === 1 || colors.stride === 1);
  const copy = (row: number) => {
    const pixels = new Uint8Array(size);
    let to = 0;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++) {
          const offset = row * images.stride + y * rows.stride + x * columns.stride + c * colors.stride;
          pixels[to++] = Math.round(scale * (array.at(offset) as number));
        }
    return pixels;
  };
  return {
    count,
    height,
    width,
    channels,
    pixelsOf: isInterleaved ? (row) => array.bytes!.subarray(row * size, (row + 1) * size) : copy,
    warnings: max * scale < DARK ? [`the brightest pixel of ${array.name} is ${max * scale}, not 255`] : [],
  };
}

function axesOf({ name, shape, strides }: NumpyElements): Axes {
  const axes = shape.map((length, i) => ({ length, stride: strides[i] }));
  const [first, second, third, fourth] = axes;
  const isColor = ({ length }: Axis) => length >= 1 && length <= 4;
  if (axes.length === 2) {
    const side = Math.sqrt(second.length);
    if (Number.isInteger(side) && side >= MIN_SIDE)
      return [first, { length: side, stride: second.stride * side }, { ...second, length: side }, SINGLE];
  }
  if (axes.length === 3) return [first, second, third, SINGLE];
  if (axes.length === 4 && isColor(fourth)) return [first, second, third, fourth];
  if (axes.length === 4 && isColor(second)) return [first, third, fourth, second];
  throw new InputError(
    `${name}: expected images of the shape (count, height, width), (count, height, width, channels) or (count, channels, height, ` +
      `width), got (${shape.join(', ')})`,
  );
}

/** The largest of all pixels, which must be in 0..255. */
function largestPixel({ name, kind, shape, bytes, at }: NumpyElements): number {
  if (kind === 'text') throw new InputError(`${name}: expected pixels, got texts`);
  if (bytes) return bytes.reduce((max, value) => Math.max(max, value), 0);
  let max = 0;
  const length = shape.reduce((product, size) => product * size, 1);
  for (let offset = 0; offset < length; offset++) {
    const value = at(offset) as number;
    // True of NaN too.
    if (!(value >= 0 && value <= 255))
      throw new InputError(`${name}: expected pixels from 0 to 255, or from 0 to 1, got ${value}`);
    if (value > max) max = value;
  }
  return max;
}
