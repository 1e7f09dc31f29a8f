import { readFileSync } from 'node:fs';
import { InputError, UNIT_RANGE, type ImageSet } from '@convlens/core';
import { decodeImage } from '@convlens/image-set/folder';
import { makeShapes } from '@convlens/image-set/shapes';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitImages, readImages, type Subject } from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

/** A model that reads images of a size and tells two classes apart. */
function subjectOf(...inputShape: (number | null)[]): Subject {
  const layers = [
    tf.layers.globalAveragePooling2d({ inputShape: inputShape as number[] }),
    tf.layers.dense({ units: 2 }),
  ];
  return { model: tf.sequential({ name: 'small', layers }), preprocessing: UNIT_RANGE };
}

/** One image of one colour. */
const plain = (colour: readonly number[], { height = 5, width = 9 } = {}): ImageSet => ({
  kind: 'image-set',
  name: 'plain',
  pixels: Uint8Array.from({ length: height * width * 3 }, (_, i) => colour[i % 3]),
  count: 1,
  height,
  width,
  channels: 3,
  labels: Int32Array.of(0),
  classNames: ['plain'],
});

describe('fitImages', () => {
  it('gives images the size of the input and the classes of the model, and drops their labels', () => {
    const shapes = makeShapes({ count: 3 });
    const { labels, classNames, ...fitted } = fitImages(shapes, {
      ...subjectOf(28, 20, 3),
      classNames: ['yes', 'no'],
    });
    expect(labels).toBeUndefined();
    expect(classNames).toEqual(['yes', 'no']);
    expect(fitted).toMatchObject({ name: shapes.name, count: 3, height: 28, width: 20, channels: 3 });
    expect(fitted.pixels).toHaveLength(3 * 28 * 20 * 3);
    expect(fitImages(shapes, subjectOf(32, 32, 3)).pixels).toEqual(shapes.pixels);
  });

  it('cuts the shape of the input out of the middle', () => {
    const columns = [9, 9, 50, 60, 70, 80, 9, 9];
    const wide: ImageSet = {
      ...plain([0, 0, 0], { height: 4, width: 8 }),
      pixels: Uint8Array.from({ length: 4 * 8 * 3 }, (_, i) => columns[Math.floor(i / 3) % 8]),
    };
    const { pixels } = fitImages(wide, subjectOf(4, 4, 3));
    expect([...pixels]).toEqual(
      Array.from({ length: 4 * 4 * 3 }, (_, i) => columns[2 + (Math.floor(i / 3) % 4)]),
    );
  });

  it('gives a network that reads grey how bright pixels are: 0.299 red, 0.587 green, 0.114 blue', () => {
    for (const colour of [
      [255, 255, 255],
      [200, 100, 50],
      [3, 250, 9],
      [0, 0, 255],
    ]) {
      const { pixels, classNames } = fitImages(plain(colour), subjectOf(28, 28, 1));
      const [red, green, blue] = colour;
      const expected = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
      expect([...new Set(pixels)]).toEqual([expected]);
      expect(pixels).toHaveLength(28 * 28);
      expect(classNames).toEqual(['class 0', 'class 1']);
    }
  });

  it.each([
    [[null, null, 3], '? x ? x ? x 3'],
    [[28, 28, 2], '? x 28 x 28 x 2'],
  ])('refuses a model that reads %s', (shape, shown) => {
    expect(() => fitImages(plain([1, 2, 3]), subjectOf(...shape))).toThrow(
      new InputError(`Expected small to read images of one size, of 1 or 3 channels, got ${shown}`),
    );
  });
});

describe('readImages', () => {
  it('gives photographs upright, as their camera noted', () => {
    const jpeg = readFileSync(new URL('../../image-set/test/fixtures/images/rgb.jpg', import.meta.url));
    // The second segment: Exif, big endian, one entry: orientation, a short, "turn right".
    const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
    const exif = [0xff, 0xe1, 0, 8 + tiff.length, ...Buffer.from('Exif\0\0'), ...tiff];
    const at = 4 + jpeg.readUInt16BE(4);
    const noted = Uint8Array.of(...jpeg.subarray(0, at), ...exif, ...jpeg.subarray(at));
    const { height, width } = decodeImage(jpeg);
    const asItLies = readImages([{ name: 'a.jpg', bytes: jpeg }], subjectOf(height, width, 3));
    const upright = readImages([{ name: 'a.jpg', bytes: noted }], subjectOf(width, height, 3));
    const turnedRight = Array.from({ length: width * height }, (_, i) => {
      const [row, column] = [height - 1 - (i % height), Math.floor(i / height)];
      return [...asItLies.pixels.subarray((row * width + column) * 3, (row * width + column) * 3 + 3)];
    });
    expect([...upright.pixels]).toEqual(turnedRight.flat());
  });

  it('names the file that is no image', () => {
    const files = [{ name: 'folder/notes.txt', bytes: new TextEncoder().encode('hello') }];
    expect(() => readImages(files, subjectOf(8, 8, 3))).toThrow(
      /^folder\/notes\.txt: expected a PNG or a JPEG/,
    );
  });
});
