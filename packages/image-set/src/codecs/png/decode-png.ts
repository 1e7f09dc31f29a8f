import { InputError } from '@convlens/core';
import { applyOrientation } from '../apply-orientation.js';
import type { DecodedImage } from '../decoded-image.js';
import { orientationOf } from '../exif-orientation.js';
import { toRgb, type RgbColor } from '../to-rgb.js';
import { INDEXED, readPngChunks, type PngChunks, type PngLimits } from './png-chunks.js';
import { readPngSamples } from './png-samples.js';

export interface DecodePngOptions extends PngLimits {
  readonly applyExifOrientation: boolean;
  readonly background: RgbColor;
}

type Samples = Uint8Array | Uint16Array;

/**
 * Decodes a PNG of any color type, bit depth and interlacing. Of 16 bits the upper 8 are taken, as Pillow does.
 *
 * @throws InputError if it is damaged or too large.
 */
export function decodePng(
  bytes: Uint8Array,
  { applyExifOrientation, background, ...limits }: DecodePngOptions,
): DecodedImage {
  const { name } = limits;
  const chunks = readPngChunks(bytes, limits);
  const { header, exif } = chunks;
  const { width, height } = header;
  const samples = readPngSamples(chunks.packed, { header, name });
  const pixels =
    header.colorType === INDEXED
      ? colorsOf(samples, chunks, { background, name })
      : blended(samples, chunks, background);
  const image = { width, height, pixels };
  return applyExifOrientation && exif ? applyOrientation(image, orientationOf(exif)) : image;
}

/** The colors of the palette that the samples are indices of. */
function colorsOf(
  indices: Samples,
  { palette = new Uint8Array(0), transparency }: PngChunks,
  { background, name }: { background: RgbColor; name: string },
): Uint8Array {
  const count = Math.floor(palette.length / 3);
  const opaque = Uint8Array.from({ length: 4 * count }, (_, i) => {
    const [color, channel] = [i >> 2, i & 3];
    return channel < 3 ? palette[3 * color + channel] : (transparency?.[color] ?? 255);
  });
  const colors = toRgb(opaque, { channels: 4, depth: 8, background });
  const pixels = new Uint8Array(3 * indices.length);
  for (let i = 0, to = 0; i < indices.length; i++, to += 3) {
    const from = 3 * indices[i];
    if (from >= colors.length)
      throw new InputError(`${name}: expected indices of a palette of ${count} colors, found ${indices[i]}`);
    pixels[to] = colors[from];
    pixels[to + 1] = colors[from + 1];
    pixels[to + 2] = colors[from + 2];
  }
  return pixels;
}

/** Samples that are not indices, in color and over the background. */
function blended(samples: Samples, { header, transparency }: PngChunks, background: RgbColor): Uint8Array {
  const { depth, channels } = header;
  const isWide = depth === 16;
  const pixels = toRgb(isWide ? Uint8Array.from(samples, (value) => value >> 8) : samples, {
    channels,
    depth: isWide ? 8 : depth,
    background,
  });
  const hasAlpha = channels === 2 || channels === 4;
  if (transparency && transparency.length >= 2 * channels && !hasAlpha) {
    const color = Array.from(
      { length: channels },
      (_, c) => (transparency[2 * c] << 8) | transparency[2 * c + 1],
    );
    fillTransparent(pixels, { samples, color, background });
  }
  return pixels;
}

interface TransparentColor {
  readonly samples: Samples;
  /** The samples of the color that stands for "transparent" (tRNS). */
  readonly color: readonly number[];
  readonly background: RgbColor;
}

/** Gives the pixels whose samples are the transparent color the background. */
function fillTransparent(pixels: Uint8Array, { samples, color, background }: TransparentColor): void {
  const channels = color.length;
  for (let sample = 0, pixel = 0; sample < samples.length; sample += channels, pixel += 3) {
    let c = 0;
    while (c < channels && samples[sample + c] === color[c]) c++;
    if (c === channels) pixels.set(background, pixel);
  }
}
