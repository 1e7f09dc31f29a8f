import { InputError } from '@convlens/core';

/** A progressive JPEG has about ten scans. Each scan takes time for the whole image, however few bytes it has. */
const MAX_SCANS = 100;
/** The samples of a block: 8 x 8. */
const BLOCK_SAMPLES = 64;

/** Markers of segments (ITU-T T.81, table B.1). */
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const FIRST_RESTART = 0xd0;
const START_OF_SCAN = 0xda;
const APP0 = 0xe0;
const APP14 = 0xee;
/** Starts of frames that are baseline, extended or progressive. */
const FIRST_FRAME = 0xc0;
const LAST_FRAME = 0xc2;

export interface JpegLimits {
  /** The name of the file in messages. */
  readonly name: string;
  readonly maxPixels: number;
}

/**
 * Checks the segments of a JPEG before a decoder reserves memory and time for it.
 *
 * @returns whether its three components are red, green and blue without a color transform, by the rules of libjpeg
 * @throws InputError if the image is too large, is larger than its file can hold, has other than 8 bits per component, or
 * too many scans.
 */
export function validateJpeg(bytes: Uint8Array, { name, maxPixels }: JpegLimits): { isRgb: boolean } {
  const startsWith = (position: number, text: string) =>
    [...text].every((char, i) => bytes[position + i] === char.charCodeAt(0));
  let hasJfif = false;
  let adobeTransform: number | undefined;
  let componentIds = '';
  let scans = 0;
  for (const { marker, body } of segments(bytes)) {
    if (marker === APP0) hasJfif ||= startsWith(body, 'JFIF');
    if (marker === APP14 && startsWith(body, 'Adobe')) adobeTransform = bytes[body + 11];
    if (marker >= FIRST_FRAME && marker <= LAST_FRAME)
      componentIds = readFrame(bytes, body, { name, maxPixels });
    if (marker === START_OF_SCAN && ++scans > MAX_SCANS)
      throw new InputError(`${name}: expected at most ${MAX_SCANS} scans, found more`);
  }
  const isRgb = !hasJfif && (adobeTransform === undefined ? componentIds === 'RGB' : adobeTransform === 0);
  return { isRgb: componentIds.length === 3 && isRgb };
}

/** The marker of each segment, and the position of its body, after the marker and the length. */
function* segments(bytes: Uint8Array): Generator<{ marker: number; body: number }> {
  const isFilling = (marker: number) => marker === 0xff;
  // A 0xff byte of the data is followed by 0; restarts and the start of the image have no length.
  const hasNoBody = (marker: number) => marker === 0 || (marker >= FIRST_RESTART && marker <= START_OF_IMAGE);
  let position = bytes.indexOf(0xff, 2);
  while (position >= 0 && position + 4 <= bytes.length) {
    const marker = bytes[position + 1];
    if (marker === END_OF_IMAGE) return;
    if (isFilling(marker)) position += 1;
    else if (hasNoBody(marker)) position += 2;
    else {
      yield { marker, body: position + 4 };
      position += 2 + Math.max(2, u2(bytes, position + 2));
    }
    position = bytes.indexOf(0xff, position);
  }
}

/** Checks the header of a frame; returns the ids of its components as characters. */
function readFrame(bytes: Uint8Array, body: number, { name, maxPixels }: JpegLimits): string {
  const fail = (expected: string, found: string): never => {
    throw new InputError(`${name}: expected ${expected}, found ${found}`);
  };
  const height = u2(bytes, body + 1);
  const width = u2(bytes, body + 3);
  if (bytes[body] !== 8) fail('8 bits per channel', `${bytes[body]}`);
  if (width < 1 || height < 1 || width * height > maxPixels)
    fail(`an image of 1 to ${maxPixels} pixels`, `${width} x ${height}`);
  // Each block takes at least a bit.
  if (width * height > 8 * bytes.length * BLOCK_SAMPLES)
    fail(`data for ${width} x ${height} pixels`, `${bytes.length} bytes`);
  const componentCount = bytes[body + 5];
  return Array.from({ length: componentCount }, (_, i) => String.fromCharCode(bytes[body + 6 + 3 * i])).join(
    '',
  );
}

const u2 = (bytes: Uint8Array, position: number) => (bytes[position] << 8) | bytes[position + 1];
