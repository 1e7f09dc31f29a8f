import { pixelsOf, type FeatureMaps, type Images } from '@convlens/core';
import { encode } from 'fast-png';
import type { Extent } from './numbers.js';

/** The content of an `<image>` element: one pixel per value. */
export interface Raster {
  /** A PNG as a data URL. */
  readonly href: string;
  readonly width: number;
  readonly height: number;
  /** height x width: the value of each pixel, if the raster shows values. */
  readonly values?: ArrayLike<number>;
}

/** Bytes, height x width x channels, as a PNG: 1 channel is gray, 2 gray and alpha, 3 RGB, 4 RGBA. */
export function encodeRaster(
  bytes: Uint8Array | Uint8ClampedArray,
  { width, height, channels }: { width: number; height: number; channels: number },
): Raster {
  const png = encode({ width, height, channels, depth: 8, data: Uint8Array.from(bytes) });
  let binary = '';
  for (const byte of png) binary += String.fromCharCode(byte);
  return { href: `data:image/png;base64,${btoa(binary)}`, width, height };
}

/** The image at a position of `images`, its pixels rounded and clipped to 0..255. */
export const imageRaster = (images: Images, position: number): Raster =>
  encodeRaster(Uint8ClampedArray.from(pixelsOf(images, position)), images);

/** The color of NaN: gray, which no color map contains. */
const NAN_COLOR = [128, 128, 128];

/**
 * Where `value` is in an extent, 0 to 1. In an empty extent every value is at 0, or at 0.5 if zero is the
 * middle.
 */
function fractionOf(value: number, { low, high, isSymmetric }: Extent): number {
  if (high > low) return (value - low) / (high - low);
  return Number.isFinite(value) ? (isSymmetric ? 0.5 : 0) : NaN;
}

/** Values in the colors of a map: 256 equal bins over the extent, as in Matplotlib. */
export function mapRaster(
  { values, width, height }: { values: ArrayLike<number>; width: number; height: number },
  { table, extent }: { table: Uint8Array; extent: Extent },
): Raster {
  const bytes = new Uint8Array(values.length * 3);
  for (let i = 0; i < values.length; i++) {
    const fraction = fractionOf(values[i], extent);
    const offset = Math.min(255, Math.max(0, Math.floor(fraction * 256))) * 3;
    bytes.set(Number.isNaN(fraction) ? NAN_COLOR : table.subarray(offset, offset + 3), i * 3);
  }
  return { ...encodeRaster(bytes, { width, height, channels: 3 }), values };
}

/** The feature map of one channel for one image: height x width values. */
export function featureMapValues(
  maps: FeatureMaps,
  { image, channel }: { image: number; channel: number },
): Float32Array {
  const size = maps.height * maps.width;
  const first = image * size * maps.channels + channel;
  return Float32Array.from({ length: size }, (_, i) => maps.values[first + i * maps.channels]);
}
