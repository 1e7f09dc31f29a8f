import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/folder.js';
import { jpegFile, jpegs } from '../fixtures.js';

/** The position of the first marker of a kind. */
const positionOf = (jpeg: Uint8Array, marker: number) =>
  jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === marker);

const sound = jpegFile('4:2:0');
const progressive = jpegFile('4:2:0, progressive');
const restarts = jpegFile('4:2:0, restarts');
const FRAME = positionOf(sound, 0xc0);
const SCAN = positionOf(sound, 0xda);

/** A file with other bytes at a position. */
const withBytes = (file: Uint8Array, at: number, ...bytes: number[]) => {
  const changed = file.slice();
  changed.set(bytes, at);
  return changed;
};
/** A file without the segment of a marker. */
const without = (file: Uint8Array, marker: number): Uint8Array => {
  const at = positionOf(file, marker);
  if (at < 0) return file;
  const end = at + 2 + ((file[at + 2] << 8) | file[at + 3]);
  return without(Uint8Array.from([...file.subarray(0, at), ...file.subarray(end)]), marker);
};
/** A file with bytes at a position that it does not have there. */
const withInserted = (file: Uint8Array, at: number, ...bytes: number[]) =>
  Uint8Array.from([...file.subarray(0, at), ...bytes, ...file.subarray(at)]);

describe('decodeImage', () => {
  it.each(Object.keys(jpegs))('reads a JPEG to the last bit as Pillow does: %s', (name) => {
    const { width, height, pixels } = jpegs[name];
    const image = decodeImage(jpegFile(name));
    expect([image.width, image.height]).toEqual([width, height]);
    expect(Buffer.from(image.pixels).equals(Buffer.from(pixels, 'base64'))).toBe(true);
  });

  it('reads a JPEG with bytes between its segments, fill bytes and no end', () => {
    const expected = decodeImage(sound);
    expect(decodeImage(withInserted(sound, SCAN, 0, 1, 2))).toEqual(expected);
    expect(decodeImage(withInserted(sound, sound.length - 2, 7, 7, 7))).toEqual(expected);
    expect(decodeImage(withInserted(sound, FRAME, 0xff, 0xff))).toEqual(expected);
    expect(decodeImage(sound.subarray(0, sound.length - 2))).toEqual(expected);
    const filled = withInserted(restarts, positionOf(restarts, 0xd0), 0xff);
    expect(decodeImage(filled)).toEqual(decodeImage(restarts));
  });

  it.each<[string, Uint8Array, string | RegExp]>([
    ['cut in its data', sound.subarray(0, SCAN + 200), 'data for all blocks, found an end before them'],
    ['progressive and cut', progressive.subarray(0, positionOf(progressive, 0xda) + 16), 'data for all blocks, found an end'],
    ['cut in a segment', sound.subarray(0, FRAME + 8), 'a segment, found the end of the file'],
    ['of two bytes', sound.subarray(0, 2), 'a frame (SOF), found none'],
    ['without a frame', without(sound, 0xc0), 'a frame before its data, found none'],
    ['with two frames', withInserted(sound, SCAN, ...sound.subarray(FRAME, FRAME + 19)), 'one frame, found two'],
    ['without Huffman tables', without(sound, 0xc4), 'the tables of a scan, found none'],
    ['without quantization', without(sound, 0xdb), 'the tables of a scan, found none'],
    ['without data', sound.subarray(0, SCAN), 'data for each component, found none for one'],
    ['with arithmetic coding', withBytes(sound, FRAME + 1, 0xc9), 'a baseline or progressive JPEG, found one of another kind (marker ff c9)'],
    ['lossless', withBytes(sound, FRAME + 1, 0xc3), 'found one of another kind (marker ff c3)'],
    ['of 12 bits', withBytes(sound, FRAME + 4, 12), '8 bits per channel, found 12'],
    ['of two components', withBytes(sound, FRAME + 9, 2), '1, 3 or 4 components, found 2'],
    ['with a sampling factor of 0', withBytes(sound, FRAME + 11, 0x02), 'sampling factors of 1 to 4, found others'],
    ['with equal components', withBytes(sound, FRAME + 13, 1), 'components with different ids, found equal ones'],
    ['with a scan of an unknown component', withBytes(sound, SCAN + 5, 9), 'a component of the frame, found the id 9'],
    ['with a scan of no components', withBytes(sound, SCAN + 4, 0), 'the header of a scan, found another number'],
    ['with an odd range of coefficients', withBytes(progressive, positionOf(progressive, 0xda) + 11, 9, 5), 'a range of coefficients, found 9 to 5'],
    ['without a restart marker', withBytes(restarts, positionOf(restarts, 0xd0), 0, 0), /a restart marker, found none|found an end before/],
    ['too large', withBytes(sound, FRAME + 5, 0xff, 0xff, 0xff, 0xff), 'an image of 1 to 64000000 pixels, found 65535 x 65535'],
  ])('refuses a JPEG %s', (_, bytes, message) => {
    const decode = () => decodeImage(bytes, { name: 'a.jpg' });
    expect(decode).toThrow(message);
    expect(decode).toThrow(/^a\.jpg: expected/);
  }); // prettier-ignore
});
