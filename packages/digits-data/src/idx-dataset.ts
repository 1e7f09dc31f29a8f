import type { LabeledImageSet } from '@convlens/core';
import type { ByteReader } from '@convlens/formats';
import {
  expectImageCount,
  expectLoadSplitOptions,
  openDatasetFiles,
  type Distribution,
  type FileSource,
  type LoadSplitOptions,
  type PublishedFile,
} from '@convlens/image-set/files';
import { readIdxHeader } from './idx.js';

/** A data set of images of 28 x 28 in the format of MNIST, with the file names of MNIST. */
export interface IdxDataset {
  /** Its name in messages and in the name of the set. */
  readonly title: string;
  readonly classNames: readonly string[];
  /** The distributions of a split in a source at some location: the images, then the labels. */
  distributionsOf(split: 'train' | 'test', location: string): readonly Distribution[];
}

const SIZE = 28;
const COUNTS = { train: 60_000, test: 10_000 } as const;

/** The index of the file with the images. */
const IMAGES_FILE = 0;

/** A file under its name without a folder, and where it is published. */
export interface IdxFile {
  readonly name: string;
  readonly published: PublishedFile;
}

/** The files as published, unpacked, and unpacked by tools that put a dot into the names. */
export function idxDistributions(files: readonly IdxFile[], folders: readonly string[]): Distribution[] {
  const plain = files.map(({ name }) => ({ name: name.replace('.gz', '') }));
  const dotted = plain.map(({ name }) => ({ name: name.replace('-idx', '.idx') }));
  return [files, plain, dotted].map((ofKind) => ({ folders, files: ofKind }));
}

/**
 * Loads the images of a split, count x 28 x 28 x 1 bytes.
 *
 * @throws InputError as `loadMnist` does
 */
export async function loadIdxDataset(
  { title, classNames, distributionsOf }: IdxDataset,
  source: FileSource,
  options: LoadSplitOptions,
): Promise<LabeledImageSet> {
  expectLoadSplitOptions(options);
  const { split = 'train', limit = Infinity, official = true, onProgress, ...loadOptions } = options;
  const files = openDatasetFiles(source, {
    dataset: title,
    distributions: distributionsOf(split, String(source?.location)),
    official,
    ...loadOptions,
  });
  let images = { declared: 0, pixels: new Uint8Array(0) };
  let labels = new Int32Array(0);
  for await (const { index, reader } of files) {
    if (index === IMAGES_FILE)
      images = await readImages(reader, { expected: COUNTS[split], official, limit });
    else labels = await readLabels(reader, { expected: images.declared, limit, classes: classNames.length });
  }
  onProgress?.(labels.length, labels.length);
  return {
    kind: 'image-set',
    name: `${title} ${split}`,
    pixels: images.pixels,
    labels,
    count: labels.length,
    height: SIZE,
    width: SIZE,
    channels: 1,
    classNames,
  };
}

/** The first images of a file, at most `limit`, with the number of images that the file declares. */
async function readImages(
  reader: ByteReader,
  { expected, official, limit }: { expected: number; official: boolean; limit: number },
): Promise<{ declared: number; pixels: Uint8Array<ArrayBuffer> }> {
  const [declared, height, width] = await readIdxHeader(reader, 3);
  expectImageCount(reader, { declared, expected, official });
  if (height !== SIZE || width !== SIZE)
    throw reader.error(`images of ${SIZE} x ${SIZE}`, `${height} x ${width}`, 8);
  const pixels = new Uint8Array(Math.min(declared, limit) * SIZE * SIZE);
  await reader.readInto(pixels, 'pixels');
  if (declared <= limit) await reader.expectEnd();
  return { declared, pixels };
}

/** The first labels of a file with `expected` labels, at most `limit`. */
async function readLabels(
  reader: ByteReader,
  { expected, limit, classes }: { expected: number; limit: number; classes: number },
): Promise<Int32Array<ArrayBuffer>> {
  const [declared] = await readIdxHeader(reader, 1);
  if (declared !== expected) throw reader.error(`${expected} labels`, String(declared), 4);
  const start = reader.position;
  const labels = Int32Array.from(await reader.read(Math.min(declared, limit), 'labels'));
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0)
    throw reader.error(
      `a label from 0 to ${classes - 1} of image ${wrong}`,
      String(labels[wrong]),
      start + wrong,
    );
  if (declared <= limit) await reader.expectEnd();
  return labels;
}
