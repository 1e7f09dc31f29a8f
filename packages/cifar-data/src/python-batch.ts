import { NumpyArray, readPickle, type ByteReader } from '@convlens/formats';
import { expectImageCount } from '@convlens/image-set/files';
import type { DecodedImages, LabelColumn } from './decoded-images.js';
import { IMAGE_BYTES, interleave, wordsOf } from './interleave.js';

/**
 * The largest size of a batch of so many images. Besides its pixels an image has labels and a file name; Python 3 may write a
 * byte of the pixels as a letter of two bytes.
 */
export const maxBatchBytes = (images: number): number => images * (2 * IMAGE_BYTES + 256) + (1 << 20);

/** An image has one or two labels and a file name, each of at most two operations. */
const maxOperations = (images: number): number => 16 * images + 1000;

export interface PythonBatch {
  readonly count: number;
  /** The labels of each column. */
  readonly labels: readonly (readonly number[])[];
  /** count x 3 x 32 x 32. */
  readonly data: Uint8Array;
}

interface ReadBatchOptions {
  readonly columns: readonly LabelColumn[];
  /** The number of images of the official file. */
  readonly imagesPerFile: number;
  readonly official: boolean;
  /** The size of the file, if it is known. */
  readonly bytes?: number;
}

type Fail = (expected: string, found: string) => Error;

/**
 * Reads a Python batch: a pickled dictionary with `data`, a NumPy array of count x 3072 bytes, and a list of labels per
 * column.
 *
 * @throws InputError if the file is something else, or a label is out of range.
 */
export async function readPythonBatch(
  reader: ByteReader,
  { columns, imagesPerFile, official, bytes }: ReadBatchOptions,
): Promise<PythonBatch> {
  const pickle = readPickle(await readWhole(reader, { maxBytes: maxBatchBytes(imagesPerFile), bytes }), {
    name: reader.name,
    maxOperations: maxOperations(imagesPerFile),
  });
  const fail: Fail = (expected, found) => reader.error(expected, found, 0);
  if (!(pickle instanceof Map)) throw fail('a pickled dictionary', 'something else');
  const { count, data } = expectData(pickle.get('data'), fail);
  expectImageCount(reader, { declared: count, expected: imagesPerFile, official });
  const labels = columns.map((column) => expectLabels(pickle.get(column.key), { column, count, fail }));
  return { count, labels, data };
}

/** The whole file, without a second copy if its size is known. */
async function readWhole(
  reader: ByteReader,
  { maxBytes, bytes }: { maxBytes: number; bytes?: number },
): Promise<Uint8Array> {
  if (bytes === undefined || bytes > maxBytes) return reader.readAll(maxBytes);
  const all = await reader.read(bytes, 'a pickle');
  await reader.expectEnd();
  return all;
}

function expectData(array: unknown, fail: Fail): { count: number; data: Uint8Array } {
  const isBytes = array instanceof NumpyArray && array.dtype === '|u1' && !array.fortranOrder;
  if (!isBytes || !(array.bytes instanceof Uint8Array))
    throw fail('"data" to be a NumPy array of bytes', 'something else');
  const { shape, bytes: data } = array;
  const [count, width] = shape;
  if (shape.length !== 2 || width !== IMAGE_BYTES || data.length !== count * IMAGE_BYTES)
    throw fail(
      `"data" to hold images x ${IMAGE_BYTES} values`,
      `${shape.join(' x ')}, in ${data.length} bytes`,
    );
  return { count, data };
}

function expectLabels(
  list: unknown,
  { column, count, fail }: { column: LabelColumn; count: number; fail: Fail },
): readonly number[] {
  const { name, key, classCount } = column;
  if (!Array.isArray(list) || list.length !== count)
    throw fail(`"${key}" to list ${count} labels`, Array.isArray(list) ? `${list.length}` : 'no list');
  const wrong = list.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classCount));
  if (wrong >= 0) throw fail(`a ${name} from 0 to ${classCount - 1} of image ${wrong}`, String(list[wrong]));
  return list;
}

/** Decodes the first images of a batch, as many as the arrays hold. */
export function decodePythonBatch(batch: PythonBatch, { labels, pixels }: DecodedImages): void {
  labels.forEach((target, column) => target.set(batch.labels[column].slice(0, target.length)));
  const words = wordsOf(pixels);
  for (let offset = 0; offset < pixels.length; offset += IMAGE_BYTES)
    interleave(batch.data, { from: offset, pixels: words, to: offset });
}
