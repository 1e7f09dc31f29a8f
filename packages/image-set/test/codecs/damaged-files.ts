import type { DamagedFile } from '../../../../test/support/damaged-files.js';
import { decodeImage } from '../../src/folder.js';
import { imageFile, jpegFile, pngFile } from './fixtures.js';

const image = (name: string, { megabytes }: { megabytes?: number } = {}): DamagedFile => ({
  file: imageFile(name),
  parse: (bytes) => decodeImage(bytes, { name }),
  megabytes,
});

/** An image of each kind. A header of a JPEG may declare some millions of pixels, which decoding then needs memory for. */
export const DAMAGED_FILES: Readonly<Record<string, DamagedFile>> = {
  'a PNG': image('rgb.png'),
  'a PNG with a palette': image('palette.png'),
  'an interlaced PNG': {
    file: pngFile('color with alpha, 16 bits, interlaced'),
    parse: (bytes) => decodeImage(bytes, { applyExifOrientation: true }),
  },
  'a JPEG': image('baseline.jpg', { megabytes: 256 }),
  'a progressive JPEG': image('progressive.jpg', { megabytes: 256 }),
  'a JPEG with restarts': {
    file: jpegFile('4:2:0, restarts'),
    parse: (bytes) => decodeImage(bytes),
    megabytes: 256,
  },
};
