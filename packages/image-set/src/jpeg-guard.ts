import { InputError } from '@convlens/core';

/** A progressive JPEG has about ten scans; each one goes over the whole image, however few bytes it has. */
const MAX_SCANS = 100;

interface Limits {
  /** Names the file in messages. */
  readonly where: string;
  readonly maxPixels: number;
}

/**
 * Looks through the segments of a JPEG before a decoder reserves memory and time for it.
 *
 * @returns whether its three channels are red, green and blue as they stand, by the rules of libjpeg.
 * @throws InputError if the image is too large, more than its file can hold, not of 8 bits, or has too many scans.
 */
export function expectJpeg(bytes: Uint8Array, { where, maxPixels }: Limits): { isRgb: boolean } {
  const fail = (expected: string, found: string): never => {
    throw new InputError(`${where}: expected ${expected}, found ${found}`);
  };
  const u2 = (at: number) => (bytes[at] << 8) | bytes[at + 1];
  const startsWith = (at: number, text: string) =>
    [...text].every((char, i) => bytes[at + i] === char.charCodeAt(0));
  let hasJfif = false;
  let adobeTransform: number | undefined;
  let ids = '';
  let scans = 0;
  for (let at = bytes.indexOf(0xff, 2); at >= 0 && at + 4 <= bytes.length; at = bytes.indexOf(0xff, at)) {
    const marker = bytes[at + 1];
    // No marker: fill bytes, a byte 255 of the data, the restarts in it, and the start of the image.
    if (marker === 0xff || marker === 0 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker === 0xd9) break;
    const body = at + 4;
    if (marker === 0xe0) hasJfif ||= startsWith(body, 'JFIF');
    if (marker === 0xee && startsWith(body, 'Adobe')) adobeTransform = bytes[body + 11];
    if (marker >= 0xc0 && marker <= 0xc2) {
      const height = u2(body + 1);
      const width = u2(body + 3);
      if (bytes[body] !== 8) fail('8 bits a channel', `${bytes[body]}`);
      if (width < 1 || height < 1 || width * height > maxPixels)
        fail(`an image of 1 to ${maxPixels} pixels`, `${width} x ${height}`);
      // Every block of 8 x 8 pixels takes a bit at least.
      if (width * height > 8 * bytes.length * 64)
        fail(`data for ${width} x ${height} pixels`, `${bytes.length} bytes`);
      ids = Array.from({ length: bytes[body + 5] }, (_, i) =>
        String.fromCharCode(bytes[body + 6 + 3 * i]),
      ).join('');
    }
    if (marker === 0xda && ++scans > MAX_SCANS) fail(`at most ${MAX_SCANS} scans`, 'more');
    at += 2 + Math.max(2, u2(at + 2));
  }
  const isRgb = !hasJfif && (adobeTransform === undefined ? ids === 'RGB' : adobeTransform === 0);
  return { isRgb: ids.length === 3 && isRgb };
}
