import { expectInteger, expectOneOf } from '@convlens/core';
import type { DecodedImage } from './decode-image.js';

export interface ResizeOptions {
  /** Of the result, in pixels, >= 1. */
  readonly height: number;
  readonly width: number;
  /**
   * 'stretch' (default) maps the whole image, whatever its shape; 'crop' cuts the largest part of the wanted shape out of
   * the middle first.
   */
  readonly fit?: 'stretch' | 'crop';
}

/** Pillow's fixed point: sums stay whole numbers, so every machine finds the same pixels. */
const ONE = 2 ** 22;

/**
 * Resizes by the bilinear filter, widened when an image shrinks so that every pixel takes part: what Pillow's
 * `resize(size, Resampling.BILINEAR)` does, to the last bit.
 */
export function resizeImage(
  image: DecodedImage,
  { height, width, fit = 'stretch' }: ResizeOptions,
): DecodedImage {
  expectInteger('height', height, { min: 1 });
  expectInteger('width', width, { min: 1 });
  expectOneOf('fit', fit, ['stretch', 'crop']);
  const source = fit === 'crop' ? cropped(image, { height, width }) : image;
  const wide = resample(source.pixels, { lines: source.height, from: source.width, to: width, step: 3, lineStep: source.width * 3, outStep: 3, outLineStep: width * 3 }); // prettier-ignore
  const both = resample(wide, { lines: width, from: source.height, to: height, step: width * 3, lineStep: 3, outStep: width * 3, outLineStep: 3 }); // prettier-ignore
  return { pixels: both, height, width };
}

interface Axis {
  /** How many lines there are, and how many pixels each has and gets. */
  readonly lines: number;
  readonly from: number;
  readonly to: number;
  /** How far apart pixels of a line, and lines, lie in the arrays. */
  readonly step: number;
  readonly lineStep: number;
  readonly outStep: number;
  readonly outLineStep: number;
}

function resample(
  pixels: Uint8Array,
  { lines, from, to, step, lineStep, outStep, outLineStep }: Axis,
): Uint8Array {
  if (from === to) return pixels;
  const result = new Uint8Array(lines * to * 3);
  for (let o = 0; o < to; o++) {
    const { first, weights } = weightsOf(o, from, to);
    for (let line = 0; line < lines; line++)
      for (let c = 0; c < 3; c++) {
        let sum = ONE / 2;
        let at = line * lineStep + first * step + c;
        for (let i = 0; i < weights.length; i++, at += step) sum += weights[i] * pixels[at];
        result[line * outLineStep + o * outStep + c] = Math.max(0, Math.min(255, Math.floor(sum / ONE)));
      }
  }
  return result;
}

/** Which pixels of a line output pixel `o` takes, from the `first` on, and how much of each. */
function weightsOf(o: number, from: number, to: number): { first: number; weights: number[] } {
  const ratio = from / to;
  const stretch = Math.max(ratio, 1);
  const centre = (o + 0.5) * ratio;
  const first = Math.max(0, Math.trunc(centre - stretch + 0.5));
  const end = Math.min(from, Math.trunc(centre + stretch + 0.5));
  const shares = Array.from({ length: end - first }, (_, i) =>
    Math.max(0, 1 - Math.abs((i + first - centre + 0.5) / stretch)),
  );
  const sum = shares.reduce((total, share) => total + share, 0);
  return { first, weights: shares.map((share) => Math.trunc(0.5 + (share / sum) * ONE)) };
}

/** A size in pixels. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/** Where the largest part in the middle of an image lies that has the shape of another size: what `fit: 'crop'` keeps. */
export function middlePart({ height, width }: Size, wanted: Size): Size & { top: number; left: number } {
  const shape = wanted.height / wanted.width;
  const newHeight = Math.max(1, Math.min(height, Math.round(width * shape)));
  const newWidth = Math.max(1, Math.min(width, Math.round(height / shape)));
  return {
    height: newHeight,
    width: newWidth,
    top: (height - newHeight) >> 1,
    left: (width - newWidth) >> 1,
  };
}

function cropped(image: DecodedImage, wanted: Size): DecodedImage {
  const { top, left, height, width } = middlePart(image, wanted);
  const pixels = new Uint8Array(height * width * 3);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * image.width + left) * 3;
    pixels.set(image.pixels.subarray(start, start + width * 3), row * width * 3);
  }
  return { pixels, height, width };
}
