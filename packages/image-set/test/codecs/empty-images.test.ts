import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/folder.js';
import { pngOf } from './png-of.js';

describe('decodeImage refuses a PNG without pixels', () => {
  it.each([
    ['of width 0', 0, 1],
    ['of height 0', 1, 0],
    ['of neither', 0, 0],
  ])('%s', (_, width, height) => {
    const png = pngOf({ width, height, rows: [] });
    expect(() => decodeImage(png, { name: 'a.png' })).toThrow(
      new RegExp(`^a\\.png: expected an image of 1 to \\d+ pixels, found ${width} x ${height}$`),
    );
  });
});
