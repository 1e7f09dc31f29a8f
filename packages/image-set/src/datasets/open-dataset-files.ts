import { expectReader } from '@convlens/storage';
import {
  expectList,
  expectObject,
  expectOptions,
  InputError,
  isInputError,
  type OptionNames,
} from '@convlens/core';
import { availableNames, type FileSource } from '../sources/file-source.js';
import { packedFiles } from './packed-files.js';
import type { DatasetFile, Distribution } from './distribution.js';
import { describeMissing, findDistribution, type FoundDistribution } from './find-distribution.js';
import type { LoadOptions } from './load-options.js';
import { unpackedFiles } from './unpacked-files.js';

export interface OpenDatasetFilesOptions extends LoadOptions {
  /** The name of the data set in messages. */
  readonly dataset: string;
  /** The forms in which it is published; earlier ones are preferred. */
  readonly distributions: readonly Distribution[];
}

const OPEN_DATASET_FILES_OPTIONS: OptionNames<OpenDatasetFilesOptions> = {
  dataset: true,
  distributions: true,
  signal: true,
  onDownload: true,
  onFile: true,
  verify: true,
  official: true,
};

/**
 * Opens the files of a data set one after the other: those that the source has, unpacked or in an archive; else they are
 * downloaded, if the source can fetch files. An archive yields them in its own order.
 *
 * @throws InputError with the code 'missing' if the source has no complete distribution, or 'unreachable' if none could be
 * downloaded, with the files that were searched and how to get them; without a code if a file is not the official one.
 */
export async function* openDatasetFiles(
  source: FileSource,
  options: OpenDatasetFilesOptions,
): AsyncGenerator<DatasetFile> {
  expectOptions('openDatasetFiles', options, OPEN_DATASET_FILES_OPTIONS);
  expectObject('the options of openDatasetFiles', options);
  expectReader('source', source);
  expectList('distributions', options.distributions, expectObject);
  options.signal?.throwIfAborted();
  const found =
    (await findDistribution(source, options.distributions)) ?? (await fetchDistribution(source, options));
  yield* 'archive' in found
    ? packedFiles(source, { ...found, ...options })
    : unpackedFiles(source, { ...found, ...options });
}

/** Downloads the first distribution that can be reached. */
async function fetchDistribution(
  source: FileSource,
  { dataset, distributions, signal, onDownload }: OpenDatasetFilesOptions,
): Promise<FoundDistribution> {
  const failures: string[] = [];
  for (const { archive, files } of source.fetch ? distributions : []) {
    const published = archive ? [archive] : files.flatMap((file) => file.published ?? []);
    if (published.length === 0) continue;
    try {
      const available = await availableNames(
        source,
        published.map(({ name }) => name),
      );
      for (const file of published)
        if (!available.has(file.name)) await source.fetch!(file, { signal, onDownload });
      const found = await findDistribution(source, distributions);
      if (found) return found;
    } catch (error) {
      if (signal?.aborted || !isInputError(error, 'unreachable')) throw error;
      failures.push(error.message);
    }
  }
  const missing = await describeMissing(source, { dataset, distributions });
  throw new InputError([missing, ...failures].join('\n'), {
    code: failures.length > 0 ? 'unreachable' : 'missing',
  });
}
