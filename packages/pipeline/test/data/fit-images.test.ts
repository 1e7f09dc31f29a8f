import { InputError, UNIT_RANGE, type ImageSet } from '@convlens/core';
import { generateShapes } from '@convlens/image-set/shapes';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { adaptImages, fitImages, imageShapeOf, type OpenModel } from '../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

/** A model of two classes that reads images of a shape. */
function modelOf(...inputShape: (number | null)[]): OpenModel {
  const input = tf.input({ shape: inputShape as number[] });
  const pooled =
    inputShape.length === 3
      ? tf.layers.globalAveragePooling2d({}).apply(input)
      : tf.layers.flatten().apply(input);
  const output = tf.layers.dense({ units: 2 }).apply(pooled) as tf.SymbolicTensor;
  return { model: tf.model({ inputs: input, outputs: output, name: 'small' }), preprocessing: UNIT_RANGE };
}

const imagesOf = (pixels: number[], channels: number): ImageSet => ({
  kind: 'image-set',
  name: 'pixels',
  pixels: Uint8Array.from(pixels),
  labels: Int32Array.of(1),
  count: 1,
  height: 1,
  width: pixels.length / channels,
  channels,
  classNames: ['a', 'b'],
});

/** The images for a model, and what is said about the change. */
function fitted(images: ImageSet, shape: (number | null)[], options: object = {}) {
  const warnings: string[] = [];
  const result = fitImages(images, modelOf(...shape), {
    ...options,
    onWarning: (text) => warnings.push(text),
  });
  return { ...result, warnings };
}

describe('fitImages', () => {
  const shapes = generateShapes({ count: 4 });

  it('returns images that fit as they are', () => {
    for (const shape of [
      [32, 32, 3],
      [null, null, 3],
      [32, null, 3],
    ])
      expect(fitImages(shapes, modelOf(...shape))).toBe(shapes);
    const gray = imagesOf([1, 2, 3], 1);
    for (const shape of [
      [1, 3, 1],
      [1, 3],
      [null, null, 1],
    ])
      expect(fitted(gray, shape)).toMatchObject({
        pixels: gray.pixels,
        height: 1,
        width: 3,
        channels: 1,
        warnings: [],
      });
  });

  it('resizes as adaptImages does, and keeps labels and class names', () => {
    for (const shape of [
      [224, 224, 3],
      [28, 20, 3],
      [28, 28, 1],
      [40, 40],
    ]) {
      const { pixels, labels, classNames, warnings, height, width } = fitted(shapes, shape);
      const [rows, columns, channels = 1] = shape;
      expect([height, width]).toEqual([rows, columns]);
      expect(pixels).toEqual(adaptImages(shapes, modelOf(rows, columns, channels)).pixels);
      expect([labels, classNames]).toEqual([shapes.labels, shapes.classNames]);
      expect(warnings[0]).toBe(
        `${shapes.name}: the images are resized from 32 x 32 to ${rows} x ${columns}, which the model reads`,
      );
    }
  });

  it('takes the size for a model that reads any size', () => {
    expect(fitted(shapes, [null, null, 3], { size: { height: 64, width: 48 } })).toMatchObject({
      height: 64,
      width: 48,
    });
    expect(fitted(shapes, [null, 40, 3])).toMatchObject({ height: 32, width: 40 });
    expect(() => fitted(shapes, [28, 28, 3], { size: { height: 32, width: 32 } })).toThrow(
      new InputError('Expected the size 28 x 28, which the model reads, got 32 x 32'),
    );
  });

  it('repeats gray in three channels, and turns color to luminance, with a warning', () => {
    const gray = fitted(imagesOf([10, 200], 1), [1, 2, 3]);
    expect([...gray.pixels]).toEqual([10, 10, 10, 200, 200, 200]);
    expect(gray.warnings).toEqual([
      'pixels: the gray images are repeated in 3 channels, which the model reads',
    ]);
    // 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2
    const color = fitted(imagesOf([200, 100, 50], 3), [1, 1, 1]);
    expect([...color.pixels]).toEqual([124]);
    expect(color.warnings).toEqual([
      'pixels: the color images become gray (luminance), which the model reads',
    ]);
  });

  it('blends transparent pixels with the background', () => {
    const pixels = imagesOf([200, 100, 50, 255, 200, 100, 50, 0, 200, 100, 50, 51], 4);
    const black = fitted(pixels, [1, 3, 3]);
    // Alpha 51 of 255 is a fifth.
    expect([...black.pixels]).toEqual([200, 100, 50, 0, 0, 0, 40, 20, 10]);
    expect(black.warnings).toEqual(['pixels: transparent pixels are blended with the color 0, 0, 0']);
    const white = fitted(pixels, [1, 3, 3], { background: [255, 255, 255] });
    expect([...white.pixels]).toEqual([200, 100, 50, 255, 255, 255, 244, 224, 214]);
    expect([...fitted(pixels, [1, 3]).pixels]).toEqual([124, 0, 25]);
  });

  it('leaves images for a model of several inputs as they are', () => {
    const inputs = [tf.input({ shape: [8, 8, 1] }), tf.input({ shape: [4, 1] })];
    const outputs = inputs.map((input) => tf.layers.flatten().apply(input) as tf.SymbolicTensor);
    expect(fitImages(shapes, { model: tf.model({ inputs, outputs }) })).toBe(shapes);
  });

  it('refuses what it cannot change', () => {
    const floats = { ...shapes, pixels: Float32Array.from(shapes.pixels) };
    expect(() => fitted(floats, [28, 28, 3])).toThrow('Expected pixels as a Uint8Array to change the size');
    expect(fitted(floats, [32, 32, 3]).pixels).toBe(floats.pixels);
    expect(() => fitted(imagesOf([1, 2], 2), [1, 1, 3])).toThrow(
      'Expected images of 1, 3 or 4 channels, got pixels with 2',
    );
    expect(() => fitted(shapes, [28, 28, 2])).toThrow(
      'Expected small to read images of one size, of 1 or 3 channels',
    );
  });
});

describe('imageShapeOf', () => {
  it('asks for a size if the model leaves it open', () => {
    expect(() => imageShapeOf(modelOf(null, null, 3), undefined)).toThrow(
      'Expected a size (--size, such as 224 or 192x256) for a model that reads images of any size, got none',
    );
    expect(imageShapeOf(modelOf(null, null, 3), { height: 5, width: 6 })).toEqual({
      height: 5,
      width: 6,
      channels: 3,
    });
    expect(imageShapeOf(modelOf(28, 28), undefined)).toEqual({ height: 28, width: 28, channels: 1 });
  });
});
