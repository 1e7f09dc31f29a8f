import { formatCount, InputError } from '@convlens/core';
import { describeFile, fileType, type RandomAccess } from '@convlens/formats';
import type { BlobReader } from '@convlens/storage';
import { imageNames, isSystemFile, PassedOver } from '../layout/passed-over.js';
import { readSplitName, type SplitName } from '../layout/split-name.js';
import { archiveFiles } from '../sources/archive-files.js';
import { openRandomAccess } from '../sources/file-source.js';
import type { OpenedSource } from '../sources/image-source.js';
import { csvRecords } from './csv/csv-records.js';
import type { ImageRecords } from './image-records.js';
import type { RecordOptions, SplitFile } from './record-options.js';
import { isNpz, npzRecords } from './npz/npz-records.js';
import { parquetRecords } from './parquet/parquet-records.js';

/** A folder of image files, or the images in files of another kind. */
export type OpenedImages = { readonly folder: BlobReader } | { readonly records: ImageRecords };

const HEAD_BYTES = 512;

/**
 * Finds out how a folder or a file holds images, by the first bytes of files.
 *
 * @throws InputError if it holds none
 */
export const openImages = (source: OpenedSource, options: RecordOptions): Promise<OpenedImages> =>
  'folder' in source ? openFolder(source.folder, options) : openFile(source.file, options);

async function openFile(file: RandomAccess, options: RecordOptions): Promise<OpenedImages> {
  const head = await file.read(0, Math.min(HEAD_BYTES, file.bytes));
  if (isParquet(head))
    return { records: await parquetRecords([{ file, split: 'train' }], file.name, options) };
  const type = fileType(head);
  if (type === 'zip' || type === 'tar' || type === 'gzip') {
    const archive = archiveFiles(file);
    return isNpz(await archive.list())
      ? { records: await npzRecords(file, options) }
      : openFolder(archive, options);
  }
  if (type === undefined && file.bytes > 0 && /\.csv$/i.test(file.name)) {
    const records = await csvRecords([{ file, split: 'train' }], file.name, options);
    if (records) return { records };
    throw new InputError(
      `Expected the columns label and pixel0, pixel1, ..., or label and pixels, in ${file.name}, found others. For a ` +
        'table of file names and labels, give the folder of its images',
    );
  }
  const found = describeFile(head);
  const hint =
    type === 'npy'
      ? ': save images and labels together, with numpy.savez(file, x_train=..., y_train=...)'
      : found.endsWith('archive')
        ? ': pack the files again as a zip'
        : '';
  const length = file.bytes > 0 ? ` of ${formatCount(file.bytes, 'byte')}` : '';
  throw new InputError(
    `${file.name}: expected a folder of images in a zip, tar or tar.gz archive, a .npz file, a Parquet file, or a CSV file of ` +
      `pixels, found ${found}${length}${hint}`,
  );
}

const isParquet = (head: Uint8Array) => String.fromCharCode(...head.subarray(0, 4)) === 'PAR1';

/** A folder without image files may hold the files of a data set: Parquet or CSV files by split, or a .npz file. */
async function openFolder(folder: BlobReader, options: RecordOptions): Promise<OpenedImages> {
  const names = (await folder.list()).filter((name) => !isSystemFile(name));
  if (imageNames(names, new PassedOver()).length > 0) return { folder };
  const parquet = await filesOf(folder, names, /\.parquet$/i);
  if (parquet.length > 0) return { records: await parquetRecords(parquet, folder.location, options) };
  const [npz, ...others] = names.filter((name) => /\.npz$/i.test(name));
  if (npz !== undefined && others.length === 0)
    return { records: await npzRecords(await openIn(folder, npz), options) };
  const csv = await filesOf(folder, names, /\.csv$/i);
  const records = await csvRecords(csv, folder.location, options);
  return records ? { records } : { folder };
}

/**
 * The files of a kind, by the splits that their names say: train-00000-of-00002.parquet, test.csv. Files without the name of a split
 * beside those of splits may hold the images once more.
 */
async function filesOf(folder: BlobReader, names: readonly string[], kind: RegExp): Promise<SplitFile[]> {
  const named = names.filter((name) => kind.test(name)).map((name) => ({ name, split: splitOf(name) }));
  const hasSplits = named.some(({ split }) => split !== undefined);
  const files: SplitFile[] = [];
  for (const { name, split } of named)
    if (split !== undefined || !hasSplits)
      files.push({ file: await openIn(folder, name), split: split ?? 'train' });
  return files;
}

function splitOf(name: string): SplitName | undefined {
  const parts = name.replace(/\.\w+$/, '').split('/');
  return parts
    .reverse()
    .map((part) => readSplitName(part).split)
    .find((split) => split !== undefined);
}

async function openIn(folder: BlobReader, name: string): Promise<RandomAccess> {
  const file = await openRandomAccess(folder, name);
  if (file) return file;
  throw new InputError(`Expected ${name} in ${folder.location}, found no such file`);
}
