import { expectOptions, type ImageSet } from '@convlens/core';
import {
  expectLoadSplitOptions,
  LOAD_SPLIT_OPTIONS,
  openDatasetFiles,
  type DatasetFile,
  type Distribution,
  type FileSource,
  type LoadSplitOptions,
} from '@convlens/image-set/files';
import { decodeBinaryBatch, IMAGES_PER_READ, recordBytes } from './binary-batch.js';
import {
  allocateImages,
  concatImages,
  imageRange,
  type DecodedImages,
  type LabelColumn,
} from './decoded-images.js';
import { distributionOf, type CifarFormats } from './distributions.js';
import { decodePythonBatch, maxBatchBytes, readPythonBatch } from './python-batch.js';

/** A data set of the CIFAR family. */
export interface CifarDataset {
  /** The function that loads it, for messages. */
  readonly loader: string;
  /** Its title, such as "CIFAR-10". */
  readonly title: string;
  readonly formats: CifarFormats;
  /** The number of images in each official file. */
  readonly imagesPerFile: Readonly<Record<'train' | 'test', number>>;
  /** In the order of a binary record. */
  readonly columns: readonly LabelColumn[];
}

interface LoadedCifar {
  /** One array per label column. */
  readonly labels: readonly Int32Array[];
  readonly images: Omit<ImageSet, 'labels' | 'classNames'>;
}

/** Loads the images of a data set and their labels, in the order of its files. */
export async function loadCifar(
  source: FileSource,
  dataset: CifarDataset,
  options: LoadSplitOptions,
): Promise<LoadedCifar> {
  expectOptions(dataset.loader, options, LOAD_SPLIT_OPTIONS);
  expectLoadSplitOptions(options);
  const { split = 'train', limit = Infinity, official = true, onProgress, ...loadOptions } = options;
  const imagesPerFile = dataset.imagesPerFile[split];
  const allFiles = dataset.formats.binary[split].length;
  const total = Math.min(limit, allFiles * imagesPerFile);
  const fileCount = official ? Math.ceil(total / imagesPerFile) : allFiles;
  const files = openDatasetFiles(source, {
    dataset: dataset.title,
    distributions: distributionsOf(dataset, split, fileCount),
    official,
    ...loadOptions,
  });

  // Official files have a known number of images, so they are decoded into one array; others are joined at the end.
  const all = official ? allocateImages(total, dataset.columns.length) : undefined;
  const parts: DecodedImages[] = [];
  let done = 0;
  for await (const file of files) {
    const start = file.index * imagesPerFile;
    const allocate = (count: number) =>
      all
        ? imageRange(all, start, Math.min(imagesPerFile, total - start))
        : allocateImages(Math.min(count, limit), dataset.columns.length);
    const part = await decodeFile(file, { columns: dataset.columns, imagesPerFile, official, allocate });
    parts[file.index] = part;
    done += part.labels[0].length;
    onProgress?.(Math.min(done, total), total);
  }
  const { labels, pixels } = all ?? concatImages(parts, limit);
  return {
    labels,
    images: {
      kind: 'image-set',
      name: `${dataset.title} ${split}`,
      pixels,
      count: labels[0].length,
      height: 32,
      width: 32,
      channels: 3,
    },
  };
}

function distributionsOf(
  { formats, imagesPerFile, columns }: CifarDataset,
  split: 'train' | 'test',
  fileCount: number,
): Distribution[] {
  const binaryChunkBytes = IMAGES_PER_READ * recordBytes(columns);
  return [
    distributionOf(formats.binary, { split, fileCount, chunkBytes: binaryChunkBytes }),
    // A pickle is read as a whole.
    distributionOf(formats.python, { split, fileCount, chunkBytes: maxBatchBytes(imagesPerFile[split]) }),
  ];
}

interface DecodeFileOptions {
  readonly columns: readonly LabelColumn[];
  /** The number of images of the official file. */
  readonly imagesPerFile: number;
  readonly official: boolean;
  /** Returns arrays for the images of a file with `count` images; they may hold fewer. */
  readonly allocate: (count: number) => DecodedImages;
}

async function decodeFile(
  { reader, distribution, bytes }: DatasetFile,
  { columns, imagesPerFile, official, allocate }: DecodeFileOptions,
): Promise<DecodedImages> {
  if (distribution.archive!.name.includes('python')) {
    const batch = await readPythonBatch(reader, { columns, imagesPerFile, official, bytes });
    const images = allocate(batch.count);
    decodePythonBatch(batch, images);
    return images;
  }
  const size = recordBytes(columns);
  const fileBytes = bytes ?? imagesPerFile * size;
  const count = fileBytes / size;
  const isExpected = official
    ? count === imagesPerFile
    : Number.isInteger(count) && count >= 1 && count <= imagesPerFile;
  if (!isExpected)
    throw reader.error(
      `${official ? '' : '1 to '}${imagesPerFile} records of ${size} bytes`,
      `${fileBytes} bytes`,
    );
  const images = allocate(count);
  await decodeBinaryBatch(reader, { columns, ...images });
  return images;
}
