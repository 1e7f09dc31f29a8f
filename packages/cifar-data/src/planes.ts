const PLANE = 32 * 32;

/** How many values an image has. */
export const IMAGE_BYTES = 3 * PLANE;

/** Puts 32 x 32 red, green and blue values at `from`, each row by row, into pixels of three channels at `to`. */
export function interleave(
  bytes: Uint8Array,
  { from, pixels, to }: { from: number; pixels: Uint8Array; to: number },
): void {
  for (let red = from, out = to; red < from + PLANE; red++, out += 3) {
    pixels[out] = bytes[red];
    pixels[out + 1] = bytes[red + PLANE];
    pixels[out + 2] = bytes[red + 2 * PLANE];
  }
}
