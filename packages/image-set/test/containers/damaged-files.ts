import type { DamagedFile } from '../../../../test/support/damaged-files.js';
import { loadImages } from '../../src/folder.js';
import { fileOf, readFixture } from './fixtures.js';

const container = (name: string, options: Partial<DamagedFile> = {}): DamagedFile => ({
  file: readFixture(name),
  parse: (bytes) => loadImages(fileOf(name, bytes)),
  count: 2000,
  megabytes: 128,
  ...options,
});

/** A file of each kind that holds images. */
export const DAMAGED_FILES: Readonly<Record<string, DamagedFile>> = {
  'a zip archive of images': container('pets.zip'),
  'a tar.gz archive of images': container('pets.tar.gz'),
  'an .npz file': container('pets.npz'),
  'a CSV file of pixels': container('faces.csv', { refused: 0.01 }),
  'a Parquet file': container('snappy.parquet'),
  'a Parquet file in GZIP': container('gzip.parquet'),
  'a Parquet file in Zstandard': container('zstd.parquet'),
  'a Parquet file in Brotli': container('brotli.parquet', { count: 500 }),
  'a Parquet file of version 2 with checksums': container('checksums.parquet'),
};
