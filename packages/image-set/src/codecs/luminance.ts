import { expectBytes } from '@convlens/core';

/** The weights of ITU-R BT.601 (0.299, 0.587, 0.114) times 2^16, as Pillow's mode L has them. */
const RED = 19595;
const GREEN = 38470;
const BLUE = 7471;
const HALF = 1 << 15;

/** The luminance of RGB pixels, a byte per pixel: equal to Pillow's mode L. */
export function luminance(rgb: Uint8Array): Uint8Array {
  expectBytes('rgb', rgb);
  return Uint8Array.from(
    { length: rgb.length / 3 },
    (_, i) => (RED * rgb[3 * i] + GREEN * rgb[3 * i + 1] + BLUE * rgb[3 * i + 2] + HALF) >> 16,
  );
}
