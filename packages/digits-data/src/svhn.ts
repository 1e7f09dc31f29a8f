import { expectInteger, expectOneOf, type ImageSet } from '@convlens/core';
import { openMembers, type ByteReader, type FileSource, type LoadRequest } from '@convlens/image-set/files';
import { DIGITS } from './digits.js';
import { matArrays, type MatArray } from './mat-file.js';

export interface LoadSvhnOptions extends LoadRequest {
  /** The 73,257 training images (default) or the 26,032 test images. */
  readonly split?: 'train' | 'test';
  /** At most so many images, the first ones, >= 1; default all. */
  readonly limit?: number;
  /** Called now and then with the images decoded so far and those to decode. */
  readonly onProgress?: (done: number, total: number) => void;
}

const SIZE = 32;
const PLANE = SIZE * SIZE;
const IMAGE_BYTES = 3 * PLANE;
const COUNTS = { train: 73_257, test: 26_032 } as const;
const HOME = 'http://ufldl.stanford.edu/housenumbers/';

const FILES = {
  train: { name: 'train_32x32.mat', bytes: 182_040_794, md5: 'e26dedcc434d2e4c54c9b2d4a06d8373' },
  test: { name: 'test_32x32.mat', bytes: 64_275_384, md5: 'eb5a983be6a315427106f1b164d9cef3' },
} as const;

/** So many images are decoded at a time; they are about a mebibyte. */
const BLOCK = 340;

/**
 * Reads the cropped digits of SVHN (Netzer et al., 2011) from their official MATLAB files: count x 32 x 32 x 3 bytes in a
 * Uint8Array. The files call the digit 0 "10"; here its label is 0. What a source can fetch it fetches.
 *
 * @throws InputError if a file is missing, of another length, not what it should be, or holds a label that is none: it
 *   says which, where, what was found, and what to do.
 */
export async function loadSvhn(source: FileSource, options: LoadSvhnOptions = {}): Promise<ImageSet> {
  const { split = 'train', limit = Infinity, official = true, onProgress, ...request } = options;
  expectOneOf('split', split, ['train', 'test']);
  if (limit !== Infinity) expectInteger('limit', limit, { min: 1 });
  const file = FILES[split];
  const published = { ...file, urls: [HOME + file.name] };
  const packaging = { folders: ['', 'svhn/', 'SVHN/'], files: [{ name: file.name, published }] };
  const members = openMembers(source, { set: 'SVHN', packagings: [packaging], official, ...request });
  let pixels: Uint8Array | undefined;
  let labels: Int32Array | undefined;
  for await (const { reader } of members) {
    for await (const array of matArrays(reader, { maxBytes: (COUNTS[split] + 1) * IMAGE_BYTES })) {
      const request = { count: COUNTS[split], official, limit, onProgress };
      if (array.name === 'X') pixels = await readImages(array, request);
      else if (array.name === 'y') labels = await readLabels(array, request);
      else throw array.reader.wrong('the arrays X and y', JSON.stringify(array.name.slice(0, 80)));
    }
    if (!pixels || !labels)
      throw reader.wrong('the arrays X and y', `no ${pixels ? 'y' : 'X'} up to the end`);
    if (labels.length * IMAGE_BYTES !== pixels.length)
      throw reader.wrong(`a label for each of ${pixels.length / IMAGE_BYTES} images`, `${labels.length}`);
  }
  return {
    kind: 'image-set',
    name: `SVHN ${split}`,
    pixels: pixels!,
    labels: labels!,
    count: labels!.length,
    height: SIZE,
    width: SIZE,
    channels: 3,
    classNames: DIGITS,
  };
}

interface Request {
  readonly count: number;
  readonly official: boolean;
  readonly limit: number;
  readonly onProgress?: (done: number, total: number) => void;
}

const expectCount = (
  reader: ByteReader,
  { found, expected, official }: { found: number; expected: number; official: boolean },
) => {
  if (official ? found !== expected : found < 1 || found > expected)
    throw reader.wrong(`${official ? '' : '1 to '}${expected} images`, String(found));
};

/** X is 32 rows x 32 columns x 3 colours x images, rows fastest. */
async function readImages(
  { reader, dimensions, storage }: MatArray,
  { count: expected, official, limit, onProgress }: Request,
): Promise<Uint8Array> {
  // MATLAB drops a last dimension of 1.
  const [height, width, channels, count = 1] = dimensions;
  if (height !== SIZE || width !== SIZE || channels !== 3 || dimensions.length > 4)
    throw reader.wrong('X to be 32 x 32 x 3 x images', dimensions.join(' x '));
  if (!storage.isUnsignedByte)
    throw reader.wrong('X to be bytes from 0 to 255', `other numbers, of ${storage.bytes} bytes`);
  expectCount(reader, { found: count, expected, official });
  const taken = Math.min(count, limit);
  const pixels = new Uint8Array(taken * IMAGE_BYTES);
  for (let done = 0; done < count; done += BLOCK) {
    const images = Math.min(BLOCK, count - done);
    const bytes = await reader.read(images * IMAGE_BYTES, 'X');
    for (let i = 0; i < images && done + i < taken; i++)
      transpose(bytes.subarray(i * IMAGE_BYTES), pixels.subarray((done + i) * IMAGE_BYTES));
    if (done < taken) onProgress?.(Math.min(done + images, taken), taken);
  }
  return pixels;
}

/** From rows fastest, then columns, then colours, to colours fastest, then columns, then rows. */
function transpose(from: Uint8Array, to: Uint8Array): void {
  let out = 0;
  for (let row = 0; row < SIZE; row++)
    for (let at = row; at < PLANE; at += SIZE, out += 3) {
      to[out] = from[at];
      to[out + 1] = from[at + PLANE];
      to[out + 2] = from[at + 2 * PLANE];
    }
}

async function readLabels(
  { reader, dimensions, storage }: MatArray,
  { count: expected, official, limit }: Request,
): Promise<Int32Array> {
  const found = dimensions.reduce((product, size) => product * size, 1);
  expectCount(reader, { found, expected, official });
  const bytes = await reader.read(found * storage.bytes, 'y');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const labels = new Int32Array(Math.min(found, limit));
  for (let i = 0; i < labels.length; i++) {
    const label = storage.get(view, i * storage.bytes);
    if (!(Number.isInteger(label) && label >= 1 && label <= 10))
      throw reader.wrong(`a label from 1 to 10 of image ${i}`, String(label));
    labels[i] = label % 10;
  }
  return labels;
}
