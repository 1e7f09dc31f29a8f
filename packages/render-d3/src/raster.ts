import type { FeatureMaps, Images } from '@convlens/core';
import { encode } from 'fast-png';
import type { Range } from './numbers.js';

/** A small picture, one pixel a value, as it goes into an `<image>`. */
export interface Raster {
  readonly href: string;
  readonly width: number;
  readonly height: number;
  /** What its pixels stand for, height x width, where that is a number each. */
  readonly values?: ArrayLike<number>;
}

/** Bytes, height x width x channels, as a PNG: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
export function rasterOf(
  bytes: Uint8Array | Uint8ClampedArray,
  { width, height, channels }: { width: number; height: number; channels: number },
): Raster {
  const png = encode({ width, height, channels, depth: 8, data: Uint8Array.from(bytes) });
  let binary = '';
  for (const byte of png) binary += String.fromCharCode(byte);
  return { href: `data:image/png;base64,${btoa(binary)}`, width, height };
}

/** The image at a position of `images`, its pixels rounded and clipped to 0..255. */
export function imageRaster(images: Images, position: number): Raster {
  const { width, height, channels, pixels } = images;
  const size = width * height * channels;
  const bytes = Uint8ClampedArray.from(pixels.subarray(position * size, (position + 1) * size));
  return rasterOf(bytes, { width, height, channels });
}

/** What stands for NaN, which no colour of a map does. */
const NOT_A_NUMBER = [128, 128, 128];

/**
 * A map in the colours of `table`, as Matplotlib bins them. If the range is empty: the lowest colour throughout, or the
 * middle one, where zero is.
 */
export function mapRaster(
  { values, width, height }: { values: ArrayLike<number>; width: number; height: number },
  { table, range: { low, high, isSigned } }: { table: Uint8Array; range: Range },
): Raster {
  const bytes = new Uint8Array(values.length * 3);
  for (let i = 0; i < values.length; i++) {
    const share =
      high > low ? (values[i] - low) / (high - low) : values[i] - values[i] + (isSigned ? 0.5 : 0);
    const entry = Math.min(255, Math.max(0, Math.floor(share * 256))) * 3;
    bytes.set(share !== share ? NOT_A_NUMBER : table.subarray(entry, entry + 3), i * 3);
  }
  return { ...rasterOf(bytes, { width, height, channels: 3 }), values };
}

/** The map of one channel for one image: height x width values. */
export function planeOf(
  maps: FeatureMaps,
  { image, channel }: { image: number; channel: number },
): Float32Array {
  const size = maps.height * maps.width;
  const first = image * size * maps.channels + channel;
  return Float32Array.from({ length: size }, (_, i) => maps.values[first + i * maps.channels]);
}
