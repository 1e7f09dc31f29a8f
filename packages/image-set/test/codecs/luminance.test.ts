import { expect, it } from 'vitest';
import { decodeImage, luminance } from '../../src/folder.js';
import { expected, imageFile } from './fixtures.js';

it('luminance converts color to gray as Pillow does', () => {
  expect([...luminance(decodeImage(imageFile('rgb.png')).pixels)]).toEqual(expected.gray);
  expect([...luminance(Uint8Array.of(255, 255, 255, 0, 0, 0))]).toEqual([255, 0]);
});
