import type { ByteReader } from '@convlens/image-set/files';
import type { Decoded, LabelKind } from './decoded.js';
import { isBytes, PickledArray } from './pickled-array.js';
import { readPickle } from './pickle.js';
import { IMAGE_BYTES, interleave, wordsOf } from './planes.js';

/** More than this, file names included, no batch of so many images has; Python 3 can write a byte as a letter of two. */
export const maxBatchBytes = (images: number): number => images * (2 * IMAGE_BYTES + 256) + (1 << 20);

/** An image has a label or two and a file name, two operations each at most. */
const maxOperations = (images: number): number => 16 * images + 1000;

export interface PythonBatch {
  readonly count: number;
  readonly labels: readonly (readonly number[])[];
  /** Images x 3 x 32 x 32. */
  readonly data: Uint8Array;
}

interface Reading {
  readonly kinds: readonly LabelKind[];
  /** How many images the official file has. */
  readonly size: number;
  readonly official: boolean;
  /** How long the file is, where that is known. */
  readonly bytes?: number;
}

/** The whole file, without a second copy where its length is known. */
async function contents(reader: ByteReader, { size, bytes }: { size: number; bytes?: number }) {
  if (bytes === undefined || bytes > maxBatchBytes(size)) return reader.readAll(maxBatchBytes(size));
  const all = await reader.read(bytes, 'a pickle');
  await reader.expectEnd();
  return all;
}

/**
 * Reads a Python batch: a pickled dictionary with `data`, a NumPy array of images x 3072 bytes, and a list of labels for
 * each kind.
 */
export async function readPythonBatch(
  reader: ByteReader,
  { kinds, size, official, bytes }: Reading,
): Promise<PythonBatch> {
  const pickle = readPickle(await contents(reader, { size, bytes }), {
    where: reader.where,
    maxOperations: maxOperations(size),
  });
  const fail = (expected: string, found: string) => reader.wrong(expected, found, 0);
  if (!(pickle instanceof Map)) throw fail('a pickled dictionary', 'something else');
  const data = pickle.get('data');
  if (!(data instanceof PickledArray) || data.type !== 'u1' || data.isFortran || !isBytes(data.bytes))
    throw fail('"data" to be a NumPy array of bytes', 'something else');
  const [count, width] = data.shape;
  if (data.shape.length !== 2 || width !== IMAGE_BYTES || data.bytes.length !== count * IMAGE_BYTES)
    throw fail(
      `"data" to hold images x ${IMAGE_BYTES} values`,
      `${data.shape.join(' x ')}, in ${data.bytes.length} bytes`,
    );
  if (official ? count !== size : count > size || count < 1)
    throw fail(`${official ? '' : '1 to '}${size} images`, String(count));
  const labels = kinds.map(({ name, key, classes }) => {
    const list = pickle.get(key);
    if (!Array.isArray(list) || list.length !== count)
      throw fail(`"${key}" to list ${count} labels`, Array.isArray(list) ? `${list.length}` : 'no list');
    const wrong = list.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
    if (wrong >= 0) throw fail(`a ${name} from 0 to ${classes - 1} of image ${wrong}`, String(list[wrong]));
    return list as number[];
  });
  return { count, labels, data: data.bytes };
}

/** Puts the first images of a batch into arrays, as many as have room there. */
export function decodePythonBatch(batch: PythonBatch, { labels, pixels }: Decoded): void {
  labels.forEach((target, k) => target.set(batch.labels[k].slice(0, target.length)));
  const words = wordsOf(pixels);
  for (let at = 0; at < pixels.length; at += IMAGE_BYTES)
    interleave(batch.data, { from: at, pixels: words, to: at });
}
