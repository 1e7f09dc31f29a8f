import { readFileSync } from 'node:fs';
import { InputError, UNIT_RANGE, type ImageSet } from '@convlens/core';
import { decodeImage } from '@convlens/image-set/folder';
import { generateShapes } from '@convlens/image-set/shapes';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { adaptImages, readUserImages, type OpenModel } from '../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

/** A model of two classes that reads images of a size. */
function modelOf(...inputShape: (number | null)[]): OpenModel {
  const layers = [
    tf.layers.globalAveragePooling2d({ inputShape: inputShape as number[] }),
    tf.layers.dense({ units: 2 }),
  ];
  return { model: tf.sequential({ name: 'small', layers }), preprocessing: UNIT_RANGE };
}

/** One image of one color. */
const uniformImage = (color: readonly number[], { height = 5, width = 9 } = {}): ImageSet => ({
  kind: 'image-set',
  name: 'uniform',
  pixels: Uint8Array.from({ length: height * width * 3 }, (_, i) => color[i % 3]),
  count: 1,
  height,
  width,
  channels: 3,
  labels: Int32Array.of(0),
  classNames: ['uniform'],
});

describe('adaptImages', () => {
  it('resizes images to the input of the model, with its class names and without labels', () => {
    const shapes = generateShapes({ count: 3 });
    const { labels, classNames, ...adapted } = adaptImages(shapes, {
      ...modelOf(28, 20, 3),
      classNames: ['yes', 'no'],
    });
    expect(labels).toBeUndefined();
    expect(classNames).toEqual(['yes', 'no']);
    expect(adapted).toMatchObject({ name: shapes.name, count: 3, height: 28, width: 20, channels: 3 });
    expect(adapted.pixels).toHaveLength(3 * 28 * 20 * 3);
    expect(adaptImages(shapes, modelOf(32, 32, 3)).pixels).toEqual(shapes.pixels);
  });

  it('center-crops images to the aspect ratio of the input', () => {
    const columns = [9, 9, 50, 60, 70, 80, 9, 9];
    const wide: ImageSet = {
      ...uniformImage([0, 0, 0], { height: 4, width: 8 }),
      pixels: Uint8Array.from({ length: 4 * 8 * 3 }, (_, i) => columns[Math.floor(i / 3) % 8]),
    };
    const { pixels } = adaptImages(wide, modelOf(4, 4, 3));
    expect([...pixels]).toEqual(
      Array.from({ length: 4 * 4 * 3 }, (_, i) => columns[2 + (Math.floor(i / 3) % 4)]),
    );
  });

  it('converts images to luminance for a model of gray images: 0.299 red, 0.587 green, 0.114 blue', () => {
    for (const color of [
      [255, 255, 255],
      [200, 100, 50],
      [3, 250, 9],
      [0, 0, 255],
    ]) {
      const { pixels, classNames } = adaptImages(uniformImage(color), modelOf(28, 28, 1));
      const [red, green, blue] = color;
      const expected = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
      expect([...new Set(pixels)]).toEqual([expected]);
      expect(pixels).toHaveLength(28 * 28);
      expect(classNames).toEqual(['class 0', 'class 1']);
    }
  });

  it.each([
    [[null, null, 3], '? x ? x ? x 3'],
    [[28, 28, 2], '? x 28 x 28 x 2'],
  ])('refuses a model that reads %s', (shape, shapeText) => {
    expect(() => adaptImages(uniformImage([1, 2, 3]), modelOf(...shape))).toThrow(
      new InputError(`Expected small to read images of one size, of 1 or 3 channels, got ${shapeText}`),
    );
  });
});

describe('readUserImages', () => {
  it('rotates photos by their EXIF orientation', async () => {
    const jpeg = readFileSync(new URL('../../../image-set/test/fixtures/images/rgb.jpg', import.meta.url));
    // The second segment: Exif, big endian, one entry: orientation, a short, "turn right".
    const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
    const exif = [0xff, 0xe1, 0, 8 + tiff.length, ...Buffer.from('Exif\0\0'), ...tiff];
    const offset = 4 + jpeg.readUInt16BE(4);
    const withExif = Uint8Array.of(...jpeg.subarray(0, offset), ...exif, ...jpeg.subarray(offset));
    const { height, width } = decodeImage(jpeg);
    const unrotated = await readUserImages([{ name: 'a.jpg', bytes: jpeg }], modelOf(height, width, 3));
    const rotated = await readUserImages([{ name: 'a.jpg', bytes: withExif }], modelOf(width, height, 3));
    const expected = Array.from({ length: width * height }, (_, i) => {
      const [row, column] = [height - 1 - (i % height), Math.floor(i / height)];
      return [...unrotated.pixels.subarray((row * width + column) * 3, (row * width + column) * 3 + 3)];
    });
    expect([...rotated.pixels]).toEqual(expected.flat());
  });

  it('names a file that is not an image', async () => {
    const files = [{ name: 'folder/notes.txt', bytes: new TextEncoder().encode('hello') }];
    await expect(readUserImages(files, modelOf(8, 8, 3))).rejects.toThrow(
      /^folder\/notes\.txt: expected a PNG, JPEG, WebP, GIF or BMP/,
    );
  });
});
