import { convertIndexedToRgb, decode } from 'fast-png';
import type { DecodedImage } from './decoded-image.js';
import { sanitizePng, type PngLimits } from './png-sanitizer.js';
import { toRgb, type RgbColor } from './to-rgb.js';

/** Decodes a PNG. Throws an InputError or an error of fast-png if it is damaged. */
export function decodePng(
  bytes: Uint8Array,
  { background, ...limits }: PngLimits & { background: RgbColor },
): DecodedImage {
  const png = decode(sanitizePng(bytes, limits), { checkCrc: true });
  const { width, height, channels, depth } = png;
  if (png.palette) {
    const pixels = convertIndexedToRgb(png);
    return {
      width,
      height,
      pixels: toRgb(pixels, { channels: pixels.length / (width * height), depth: 8, background }),
    };
  }
  // fast-png does not unpack samples of less than a byte.
  const samples = depth < 8 ? unpackSamples(png.data as Uint8Array, png) : png.data;
  const pixels = toRgb(samples, { channels, depth, background });
  if (png.transparency)
    fillTransparent(pixels, { samples, channels, transparentColor: png.transparency, background });
  return { width, height, pixels };
}

/** Samples of 1, 2 or 4 bits as one byte each. Each row begins at a new byte. */
function unpackSamples(
  data: Uint8Array,
  { width, height, depth }: { width: number; height: number; depth: number },
): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const mask = 2 ** depth - 1;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)];
    return (byte >> (8 - depth - (bit & 7))) & mask;
  });
}

interface TransparentColor {
  readonly samples: ArrayLike<number>;
  readonly channels: number;
  /** The color that stands for "transparent" (tRNS), one value per channel. */
  readonly transparentColor: ArrayLike<number>;
  readonly background: RgbColor;
}

/** Gives the pixels whose samples are the transparent color the background. */
function fillTransparent(
  pixels: Uint8Array,
  { samples, channels, transparentColor, background }: TransparentColor,
): void {
  for (let sample = 0, pixel = 0; sample < samples.length; sample += channels, pixel += 3) {
    let c = 0;
    while (c < channels && samples[sample + c] === transparentColor[c]) c++;
    if (c === channels) pixels.set(background, pixel);
  }
}
