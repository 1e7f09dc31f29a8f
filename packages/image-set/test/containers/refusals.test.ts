import { memoryStore } from '@convlens/storage';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { loadImages, type ImageSource, type LoadImagesOptions } from '../../src/folder.js';
import { fileOf, readFixture } from './fixtures.js';

const text = (value: string) => new TextEncoder().encode(value);

/** A .npy file of bytes. */
function npy(shape: readonly number[], dtype = '|u1', fill = 200): Uint8Array {
  const size = Number(/\d+$/.exec(dtype)![0]);
  const header = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const length = shape.reduce((product, side) => product * side, size);
  const head = [0x93, ...text('NUMPY'), 1, 0, (header.length + 1) & 255, (header.length + 1) >> 8];
  const bytes = new Uint8Array(head.length + header.length + 1 + length).fill(fill);
  bytes.set(head);
  bytes.set(text(`${header}\n`), head.length);
  return bytes;
}

const npz = (arrays: Readonly<Record<string, Uint8Array>>): File =>
  fileOf(
    'a.npz',
    zipSync(Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes]))),
  );

const images = npy([2, 8, 8]);
const labels = npy([2], '|u1', 0);
const PIXELS = Array.from({ length: 64 }, (_, i) => `pixel${i}`).join(',');
const csv = (content: string): File => fileOf('a.csv', text(content));
const row = (label: string, pixel: string) => `${label}${`,${pixel}`.repeat(64)}\n`;

const cut = (name: string, length: number): File => fileOf(name, readFixture(name).subarray(0, length));

describe('loadImages refuses', () => {
  it.each<[string, ImageSource, string, LoadImagesOptions?]>([
    [
      'a file of another kind',
      fileOf('a.webp', text('RIFF1234WEBP')),
      'a.webp: expected a folder of images in a zip, tar or tar.gz archive, a .npz file, a Parquet file, or a CSV file of pixels, found a WebP image of 12 bytes',
    ],
    ['an empty file', fileOf('a.csv', text('')), 'a CSV file of pixels, found an empty file'],
    ['one array', fileOf('a.npy', images), 'numpy.savez(file, x_train=..., y_train=...)'],
    [
      'an archive without images',
      fileOf('a.zip', zipSync({ 'a.txt': text('a') })),
      'Expected image files (PNG, JPEG, WebP, GIF or BMP) in a.zip',
    ],
    [
      'arrays without plain names',
      npz({ a: images, b: labels }),
      'Expected the arrays x_train and y_train in a.npz, also x_test and y_test, got a, b',
    ],
    [
      'images without labels',
      npz({ x: images }),
      'Expected one array of train images and one of their labels in a.npz, got x',
    ],
    [
      'two arrays of images',
      npz({ x: images, images, y: labels }),
      'Expected one array of train images and one of their labels in a.npz, got images, x, y',
    ],
    [
      'test images alone',
      npz({ x_test: images, y_test: labels }),
      'Expected training images with the array y_test in a.npz, found none',
    ],
    [
      'another number of labels',
      npz({ x: images, y: npy([3], '|u1', 0) }),
      'Expected as many labels in y as images in x of a.npz, which are 2, got 3',
    ],
    [
      'splits of two sizes',
      npz({ x_train: images, y_train: labels, x_test: npy([2, 8, 9]), y_test: labels }),
      'Expected images of one shape in a.npz, got 8 x 8 x 1 for train and 8 x 9 x 1',
    ],
    [
      'images of another shape',
      npz({ x: npy([2, 8, 8, 7]), y: labels }),
      'x in a.npz: expected images of the shape (count, height, width)',
    ],
    ['rows that are no square', npz({ x: npy([2, 65]), y: labels }), 'got (2, 65)'],
    [
      'no images',
      npz({ x: npy([0, 8, 8]), y: npy([0]) }),
      'x in a.npz: expected images, got the shape (0, 8, 8)',
    ],
    [
      'pixels below 0',
      npz({ x: npy([2, 8, 8], '|i1', 200), y: labels }),
      'x in a.npz: expected pixels from 0 to 255, or from 0 to 1, got -56',
    ],
    [
      'complex numbers',
      npz({ x: npy([2, 8, 8], '<c8'), y: labels }),
      'x in a.npz: expected an array of numbers or texts, got the type <c8',
    ],
    [
      'labels that are no indices',
      npz({ x: images, y: npy([2], '|i1', 254) }),
      'Expected the array y in a.npz to have class indices, integers >= 0, got -2',
    ],
    [
      'labels that are no one-hot vectors',
      npz({ x: images, y: npy([2, 3], '|u1', 1) }),
      'y in a.npz: expected one class per image, as one 1 among zeros, got two classes of image 0',
    ],
    ['labels that count the images', npz({ x: images, y: npy([2], '<u4', 255) }), 'is it the label?'],
    [
      'more classes than names',
      npz({ x: images, y: npy([2], '|u1', 2) }),
      'Expected class indices from 0 to 1 in a.npz, since 2 classes have names, got 2',
      { classNames: ['a', 'b'] },
    ],
    ['a file that is cut off', cut('pets.npz', 4000), 'pets.npz'],
    [
      'a CSV file without pixels',
      csv('id,label\n1,2\n'),
      'Expected the columns label and pixel0, pixel1, ..., or label and pixels, in a.csv, found others',
    ],
    [
      'a CSV file without labels',
      csv(`${PIXELS}\n`),
      'Expected a column label beside the pixels in a.csv, got pixels alone',
    ],
    [
      'a value that is no pixel',
      csv(`label,${PIXELS}\n${row('1', '7')}${row('1', '256')}`),
      'Expected a pixel from 0 to 255 in line 3 of a.csv, got "256"',
    ],
    [
      'a line that is too short',
      csv(`label,${PIXELS}\n1,2\n`),
      'Expected 65 columns in line 2 of a.csv, got 2',
    ],
    [
      'pixels that are no square',
      csv(`label,pixels\n1,1 2 3\n`),
      'Expected the pixels of a gray square in line 2 of a.csv, such as 28 x 28, got 3 of them',
    ],
    [
      'images of two sizes',
      csv(`label,pixels\n1,1 2 3 4\n1,1\n`),
      'Expected 4 pixels in line 3 of a.csv, as before, got 1',
    ],
    [
      'a split that is none',
      csv(`label,pixels,Usage\n1,1 2 3 4,Holiday\n`),
      'Expected a split in line 2 of a.csv, such as Training, PublicTest or PrivateTest, got "Holiday"',
    ],
    [
      'a Parquet file without images',
      fileOf('words.parquet'),
      'Expected a column with the images in words.parquet, got the columns text, score: say which (imageColumn)',
    ],
    [
      'a column that is not there',
      fileOf('columns.parquet'),
      'Expected the column breed in columns.parquet, got the columns note, photo, coarse, fine: say which (labelColumn)',
      { labelColumn: 'breed' },
    ],
    [
      'a label that is not certain',
      fileOf('columns.parquet'),
      'Expected a column with the labels in columns.parquet',
    ],
    [
      'a label of another type',
      fileOf('columns.parquet'),
      'Expected the column photo in columns.parquet to have class indices or class names, got another type',
      { labelColumn: 'photo' },
    ],
    [
      'images of another type',
      fileOf('columns.parquet'),
      'Expected the column note in columns.parquet to have the bytes of PNG or JPEG files, got another type',
      { imageColumn: 'note', labelColumn: 'fine' },
    ],
    [
      'a codec that is not read',
      fileOf('lz4.parquet'),
      'Expected lz4.parquet to be packed by Snappy, GZIP, ZSTD or Brotli, got LZ4',
    ],
    [
      'a Parquet file that is cut off',
      cut('snappy.parquet', 5000),
      'snappy.parquet: expected a Parquet file, found a damaged one: ',
    ],
    [
      'an option for folders',
      fileOf('pets.npz'),
      'Expected the option labels for a folder of image files, got it for pets.npz',
      { labels: 'a.csv' },
    ],
    [
      'an option for files',
      fileOf('pets.zip'),
      'Expected the option labelColumn for a file of arrays or of columns, got it for pets.zip',
      { labelColumn: 'a' },
    ],
    ['a path', '/data/flowers' as never, 'got the text "/data/flowers": in Node, await localSource(path)'],
    ['an empty folder', memoryStore(), 'Expected image files (PNG, JPEG, WebP, GIF or BMP)'],
  ])('%s', async (_, source, message, options = {}) => {
    await expect(loadImages(source, options)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message),
    });
  });

  it('a page with another CRC-32, which the decoder does not look at', async () => {
    const bytes = readFixture('checksums.parquet');
    const at = 900;
    bytes[at] ^= 1;
    await expect(loadImages(fileOf('checksums.parquet', bytes))).rejects.toThrow(
      /Expected pages of the column image\.\w+ in checksums\.parquet, found one with another CRC-32: the file is damaged/,
    );
  });

  it('an image in a Parquet file that is damaged, by its row', async () => {
    const bytes = readFixture('none.parquet');
    const second = Buffer.from(bytes).indexOf('IHDR', Buffer.from(bytes).indexOf('IHDR') + 1);
    bytes[second] ^= 1;
    await expect(loadImages(fileOf('none.parquet', bytes))).rejects.toThrow(/none\.parquet, row 2: expected/);
  });
});
