import { InputError } from '@convlens/core';
import type { RandomAccess } from '@convlens/formats';
import type { BlobReader } from '@convlens/storage';
import { toRandomAccess } from './archive-files.js';
import { fromFileList } from './from-file-list.js';

/**
 * Where images lie: a folder (a BlobReader, or the files of one that a user selected in a page), or a file (a File of a page, or
 * a RandomAccess).
 */
export type ImageSource = BlobReader | RandomAccess | Blob | Iterable<File>;

/** A source as the files in a folder, or as one file. */
export type OpenedSource = { readonly folder: BlobReader } | { readonly file: RandomAccess };

const hasMethods = (source: object, names: readonly string[]): boolean =>
  names.every((name) => typeof (source as Record<string, unknown>)[name] === 'function');

/** Throws an InputError unless a value is an ImageSource. */
export function openSource(source: ImageSource): OpenedSource {
  if (typeof source === 'object' && source !== null) {
    if (hasMethods(source, ['read', 'list'])) return { folder: source as BlobReader };
    if (hasMethods(source, ['read']) || (typeof Blob !== 'undefined' && source instanceof Blob))
      return { file: toRandomAccess(source as RandomAccess | Blob, 'file') };
    if (Symbol.iterator in source && !ArrayBuffer.isView(source)) return openFiles([...source]);
  }
  throw new InputError(
    'Expected source to be a folder (folderFiles, fromFileList), a file (localFile, a File) or a list of Files, got ' +
      (typeof source === 'string'
        ? `the text ${JSON.stringify(source)}: in Node, await localSource(path)`
        : typeof source),
  );
}

/** One file that is selected alone is that file. */
function openFiles(files: readonly File[]): OpenedSource {
  const [file] = files;
  return files.length === 1 && !file.webkitRelativePath
    ? { file: toRandomAccess(file, 'file') }
    : { folder: fromFileList(files) };
}
