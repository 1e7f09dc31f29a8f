import { expectDecodedImage } from './decoded-image.js';
import {
  expectFields,
  expectObject,
  expectInteger,
  expectOneOf,
  expectOptions,
  type OptionNames,
} from '@convlens/core';
import type { DecodedImage } from './decoded-image.js';
import { expectColor } from './expect-color.js';
import { BLACK, type RgbColor } from './to-rgb.js';

export const RESIZE_FITS = ['stretch', 'center-crop', 'pad'] as const;

/**
 * 'stretch' maps the whole image, whatever its aspect ratio; 'center-crop' crops it to the aspect ratio first; 'pad' keeps the whole
 * image in its aspect ratio, with `background` beside it.
 */
export type ResizeFit = (typeof RESIZE_FITS)[number];

export interface ResizeOptions {
  /** The height of the result in pixels, >= 1. */
  readonly height: number;
  /** The width of the result in pixels, >= 1. */
  readonly width: number;
  /** Default 'stretch'. */
  readonly fit?: ResizeFit;
  /** The color beside an image that `fit: 'pad'` pads; default black. */
  readonly background?: RgbColor;
}

const RESIZE_OPTIONS: OptionNames<ResizeOptions> = {
  height: true,
  width: true,
  fit: true,
  background: true,
};

const CHANNELS = 3;
/** Pillow's fixed-point number 1. Sums are integers, so the pixels are the same on every machine. */
const ONE = 2 ** 22;

/**
 * Resizes an image with a bilinear filter, which is widened when the image shrinks so that every pixel contributes. Equal to
 * Pillow's `resize(size, Resampling.BILINEAR)` to the last bit.
 *
 * @throws InputError if an option is out of range.
 */
export function resizeImage(image: DecodedImage, options: ResizeOptions): DecodedImage {
  expectOptions('resizeImage', options, RESIZE_OPTIONS);
  expectObject('the options of resizeImage', options);
  expectDecodedImage('image', image);
  const { height, width, fit = 'stretch', background = BLACK } = options;
  expectInteger('height', height, { min: 1 });
  expectInteger('width', width, { min: 1 });
  expectOneOf('fit', fit, RESIZE_FITS);
  expectColor('background', background);
  if (fit === 'pad') return padded(image, { height, width, background });
  const source = fit === 'center-crop' ? cropToCenter(image, { height, width }) : image;
  return resizeColumns(resizeRows(source, width), height);
}

/** The whole image in the middle of another of that size, as `ImageOps.pad` of Pillow places it. */
function padded(
  image: DecodedImage,
  { height, width, background }: Size & { background: RgbColor },
): DecodedImage {
  const isWider = image.width * height > image.height * width;
  const size = isWider
    ? { height: Math.max(1, roundToEven((image.height / image.width) * width)), width }
    : { height, width: Math.max(1, roundToEven((image.width / image.height) * height)) };
  const inner = resizeColumns(resizeRows(image, size.width), size.height);
  const top = roundToEven((height - size.height) / 2);
  const left = roundToEven((width - size.width) / 2);
  const pixels = Uint8Array.from({ length: height * width * CHANNELS }, (_, i) => background[i % CHANNELS]);
  for (let row = 0; row < size.height; row++) {
    const from = row * size.width * CHANNELS;
    pixels.set(
      inner.pixels.subarray(from, from + size.width * CHANNELS),
      ((top + row) * width + left) * CHANNELS,
    );
  }
  return { pixels, height, width };
}

/** The nearest integer; of two equally near the even one, as Python rounds. */
function roundToEven(value: number): number {
  const below = Math.floor(value);
  const isHalf = value - below === 0.5;
  return isHalf ? below + (below % 2) : Math.round(value);
}

/** Resizes each row of an image to `width` pixels. */
function resizeRows({ pixels, height, width: from }: DecodedImage, width: number): DecodedImage {
  if (from === width) return { pixels, height, width };
  const resized = resample(pixels, {
    lines: height,
    from,
    to: width,
    source: { lineStep: from * CHANNELS, step: CHANNELS },
    target: { lineStep: width * CHANNELS, step: CHANNELS },
  });
  return { pixels: resized, height, width };
}

/** Resizes each column of an image to `height` pixels. */
function resizeColumns({ pixels, height: from, width }: DecodedImage, height: number): DecodedImage {
  if (from === height) return { pixels, height, width };
  const strides = { lineStep: CHANNELS, step: width * CHANNELS };
  const resized = resample(pixels, { lines: width, from, to: height, source: strides, target: strides });
  return { pixels: resized, height, width };
}

/** The distances in an array between two lines (rows or columns), and between two pixels of a line. */
interface Strides {
  readonly lineStep: number;
  readonly step: number;
}

interface ResampleOptions {
  /** The number of lines. */
  readonly lines: number;
  /** The pixels of a line before and after. */
  readonly from: number;
  readonly to: number;
  readonly source: Strides;
  readonly target: Strides;
}

function resample(pixels: Uint8Array, { lines, from, to, source, target }: ResampleOptions): Uint8Array {
  const result = new Uint8Array(lines * to * CHANNELS);
  for (let position = 0; position < to; position++) {
    const { first, weights } = filterWeights(position, from, to);
    for (let line = 0; line < lines; line++)
      for (let c = 0; c < CHANNELS; c++) {
        let sum = ONE / 2;
        let offset = line * source.lineStep + first * source.step + c;
        for (let i = 0; i < weights.length; i++, offset += source.step) sum += weights[i] * pixels[offset];
        const value = Math.max(0, Math.min(255, Math.floor(sum / ONE)));
        result[line * target.lineStep + position * target.step + c] = value;
      }
  }
  return result;
}

/** The fixed-point weights of the pixels of a line, from the pixel `first` on, for the output pixel at `position`. */
function filterWeights(position: number, from: number, to: number): { first: number; weights: number[] } {
  const ratio = from / to;
  const radius = Math.max(ratio, 1);
  const center = (position + 0.5) * ratio;
  const first = Math.max(0, Math.trunc(center - radius + 0.5));
  const end = Math.min(from, Math.trunc(center + radius + 0.5));
  const values = Array.from({ length: end - first }, (_, i) =>
    Math.max(0, 1 - Math.abs((i + first - center + 0.5) / radius)),
  );
  const sum = values.reduce((total, value) => total + value, 0);
  return { first, weights: values.map((value) => Math.trunc(0.5 + (value / sum) * ONE)) };
}

/** A size in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** The largest rectangle in the middle of an image that has the aspect ratio of `target`: what 'center-crop' keeps. */
export function centerCrop(size: Size, target: Size): Size & { top: number; left: number } {
  expectFields('Size', 'size', size, { height: 'number', width: 'number' });
  expectFields('Size', 'target', target, { height: 'number', width: 'number' });
  const { height, width } = size;
  const aspect = target.height / target.width;
  const cropHeight = Math.max(1, Math.min(height, Math.round(width * aspect)));
  const cropWidth = Math.max(1, Math.min(width, Math.round(height / aspect)));
  return {
    height: cropHeight,
    width: cropWidth,
    top: (height - cropHeight) >> 1,
    left: (width - cropWidth) >> 1,
  };
}

function cropToCenter(image: DecodedImage, target: Size): DecodedImage {
  const { top, left, height, width } = centerCrop(image, target);
  const pixels = new Uint8Array(height * width * CHANNELS);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * image.width + left) * CHANNELS;
    pixels.set(image.pixels.subarray(start, start + width * CHANNELS), row * width * CHANNELS);
  }
  return { pixels, height, width };
}
