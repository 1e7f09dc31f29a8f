import { describe, expect, it } from 'vitest';
import {
  expectPreprocessing,
  formatPixelScaling,
  IDENTITY,
  parsePixelScaling,
  PIXEL_SCALINGS,
  preprocess,
  UNIT_RANGE,
} from '../../src/index.js';
import { twoPixels } from './two-pixels.js';

const inputs = (text: string) => [...preprocess(twoPixels, parsePixelScaling(text))];
const expectClose = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 4));
};

describe('parsePixelScaling', () => {
  // keras.applications.imagenet_utils.preprocess_input of the two pixels, Keras 3.15.
  it.each([
    ['tf', [-1.0, -0.6, 1.0, -0.2, 0.2, 0.6]],
    ['caffe', [151.061, -65.779, -123.68, 100.061, 36.221, -21.68]],
    ['torch', [-2.117904, -1.142857, 2.64, -0.3711791, 0.6428573, 1.751111]],
  ])('computes what preprocess_input of Keras does in the mode %s', (mode, expected) => {
    expectClose(inputs(mode), expected);
  });

  it.each([
    ['0..1', [0, 0.2, 1, 0.4, 0.6, 0.8]],
    ['0..255', [0, 51, 255, 102, 153, 204]],
    ['-1..1', [-1, -0.6, 1, -0.2, 0.2, 0.6]],
    ['-0.5..0.5', [-0.5, -0.3, 0.5, -0.1, 0.1, 0.3]],
    ['0..255,bgr', [255, 51, 0, 204, 153, 102]],
    ['-0.5..0.5, bgr', [0.5, -0.3, -0.5, 0.3, 0.1, -0.1]],
    ['0..1,rgb', [0, 0.2, 1, 0.4, 0.6, 0.8]],
    ['caffe,rgb', [-123.68, -65.779, 151.061, -21.68, 36.221, 100.061]],
  ])('maps pixels to %s', (text, expected) => {
    expectClose(inputs(text), expected);
  });

  it('has a valid preprocessing for each name, with another map of the pixels in the order BGR', () => {
    for (const { id } of PIXEL_SCALINGS) {
      expect(() => expectPreprocessing(parsePixelScaling(id), 3)).not.toThrow();
      expect(inputs(`${id},bgr`)).not.toEqual(inputs(`${id},rgb`));
    }
    expect(parsePixelScaling('0..1')).toBe(UNIT_RANGE);
    expect(parsePixelScaling('0..255')).toBe(IDENTITY);
  });

  it.each(['0..2', '', 'bgr', '0..1,gbr', '0..1,bgr,rgb'])('refuses %j', (text) => {
    expect(() => parsePixelScaling(text)).toThrow(
      /^Expected pixels to be one of 0\.\.1, 0\.\.255, -1\.\.1, /,
    );
  });
});

describe('formatPixelScaling', () => {
  it('names what parsePixelScaling reads', () => {
    for (const text of [
      '0..1',
      '0..255',
      '-1..1',
      '-0.5..0.5',
      'caffe',
      'torch',
      '0..255,bgr',
      'caffe,rgb',
      'torch,bgr',
    ])
      expect(formatPixelScaling(parsePixelScaling(text))).toBe(text);
    expect(formatPixelScaling(parsePixelScaling('tf'))).toBe('-1..1');
    expect(formatPixelScaling(parsePixelScaling('caffe,bgr'))).toBe('caffe');
  });

  it('knows a preprocessing in other words, and none that has no name', () => {
    expect(formatPixelScaling({ scale: 1 / 255, mean: [0.5], std: [0.5] })).toBe('-1..1');
    expect(formatPixelScaling({ scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [1, 1, 1] })).toBe('-0.5..0.5');
    expect(formatPixelScaling({ scale: 1 / 255, mean: [0.4], std: [1] })).toBeUndefined();
  });
});

describe('expectPreprocessing', () => {
  it('refuses another channel order, and BGR of gray images', () => {
    expect(() => expectPreprocessing({ ...UNIT_RANGE, channelOrder: 'gbr' as never }, 3)).toThrow(
      'Expected preprocessing.channelOrder to be one of rgb, bgr',
    );
    for (const channels of [1, 2, 4])
      expect(() => expectPreprocessing({ ...UNIT_RANGE, channelOrder: 'bgr' }, channels)).toThrow(
        `Expected images of 3 channels for preprocessing.channelOrder bgr, got ${channels}`,
      );
  });
});
