/**
 * How bright pixels of red, green and blue are: a byte a pixel, by the weights of ITU-R 601 in whole numbers, as Pillow's
 * mode L.
 */
export const luminance = (rgb: Uint8Array): Uint8Array =>
  Uint8Array.from(
    { length: rgb.length / 3 },
    (_, i) => (19595 * rgb[3 * i] + 38470 * rgb[3 * i + 1] + 7471 * rgb[3 * i + 2] + 0x8000) >> 16,
  );
