const PLANE_BYTES = 32 * 32;
const PLANE_WORDS = PLANE_BYTES / 4;

/** The values of an image. */
export const IMAGE_BYTES = 3 * PLANE_BYTES;

/** A copy of the image: in a file it may begin at any byte, but words can only be read where four divides the offset. */
const image = new Uint8Array(IMAGE_BYTES);
const imageWords = new Uint32Array(image.buffer);

/**
 * Converts an image from planes (32 x 32 red, green and blue values, each row by row) at the byte `from` to pixels of three
 * channels at the byte `to`, which four must divide. It converts four pixels at a time, as little-endian words, which is
 * twice as fast as byte by byte.
 */
export function interleave(
  bytes: Uint8Array,
  { from, pixels, to }: { from: number; pixels: Uint32Array; to: number },
): void {
  image.set(bytes.subarray(from, from + IMAGE_BYTES));
  for (let i = 0, out = to / 4; i < PLANE_WORDS; i++, out += 3) {
    const red = imageWords[i];
    const green = imageWords[i + PLANE_WORDS];
    const blue = imageWords[i + 2 * PLANE_WORDS];
    pixels[out] = (red & 0xff) | ((green & 0xff) << 8) | ((blue & 0xff) << 16) | ((red & 0xff00) << 16);
    pixels[out + 1] = ((green >>> 8) & 0xff) | (blue & 0xff00) | (red & 0xff0000) | ((green & 0xff0000) << 8);
    pixels[out + 2] =
      ((blue >>> 16) & 0xff) | ((red >>> 16) & 0xff00) | ((green >>> 8) & 0xff0000) | (blue & 0xff000000);
  }
}

/** Pixels as the words that `interleave` writes. */
export const wordsOf = ({ buffer, byteOffset, length }: Uint8Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length / 4);
