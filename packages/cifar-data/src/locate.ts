import { InputError, type BlobReader } from '@convlens/core';

const FOLDER = 'cifar-10-batches-bin/';

/**
 * The names under which `reader` has all of `files`: directly, or in the folder that the official archive unpacks to.
 *
 * @throws InputError that lists the missing files, the places, and how to get them.
 */
export async function locateFiles(reader: BlobReader, files: readonly string[]): Promise<string[]> {
  const names = new Set(await reader.list());
  const missingAt = (prefix: string) => files.filter((file) => !names.has(prefix + file));
  for (const prefix of ['', FOLDER])
    if (missingAt(prefix).length === 0) return files.map((file) => prefix + file);

  // Where some of them lie is where the others were meant to be.
  const prefix = missingAt(FOLDER).length < missingAt('').length ? FOLDER : '';
  const missing = missingAt(prefix);
  const places =
    missing.length < files.length
      ? `${reader.location}/${prefix}`
      : `${reader.location}/ or ${reader.location}/${FOLDER}`;
  throw new InputError(
    `Expected ${missing.join(', ')} of CIFAR-10 in ${places}, found no such file: ` +
      'unpack the official cifar-10-binary.tar.gz (https://www.cs.toronto.edu/~kriz/cifar.html) there',
  );
}
