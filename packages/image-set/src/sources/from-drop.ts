import { expectFields, InputError } from '@convlens/core';
import type { FileSource } from './file-source.js';
import { namedFiles } from './named-files.js';

/**
 * What a user dropped on a page, for `loadImages`: one file is that File, a folder or several files are a FileSource. Call it in
 * the listener of `drop`, before anything is awaited: afterwards browsers have forgotten what was dropped. Nothing is read yet.
 *
 * @throws InputError if no file was dropped, or if a folder cannot be listed
 */
export async function fromDrop(dropped: DataTransfer): Promise<File | FileSource> {
  expectFields('DataTransfer', 'dropped', dropped, { items: 'object', files: 'object' });
  const entries = Array.from(dropped.items, (item) =>
    item.kind === 'file' ? (item.webkitGetAsEntry?.() ?? null) : null,
  ).filter((entry) => entry !== null);
  const plain = Array.from(dropped.files);
  const folders = entries.filter((entry) => entry.isDirectory);
  if (folders.length === 0) {
    if (plain.length === 0) throw new InputError('Expected a dropped file or folder, got none');
    if (plain.length === 1) return plain[0];
    return namedFiles('dropped files', new Map(plain.map((file) => [file.name, file])));
  }
  const files = new Map<string, File>();
  const [only] = entries;
  const isOne = entries.length === 1;
  for (const entry of entries) await collectFiles(entry, isOne ? '' : entry.name, files);
  return namedFiles(isOne ? only.name : 'dropped files', files);
}

/** Adds the files below an entry under their paths. */
async function collectFiles(entry: FileSystemEntry, path: string, files: Map<string, File>): Promise<void> {
  if (entry.isFile) {
    const file = await promised<File>(entry, (resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    files.set(path, file);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A call gives some of the entries, at last none.
  for (;;) {
    const some = await promised<FileSystemEntry[]>(entry, (resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    for (const one of some) await collectFiles(one, path === '' ? one.name : `${path}/${one.name}`, files);
  }
}

const promised = <Result>(
  { fullPath }: FileSystemEntry,
  call: (resolve: (result: Result) => void, reject: (error: Error) => void) => void,
): Promise<Result> =>
  new Promise((resolve, reject) =>
    call(resolve, ({ message }) =>
      reject(new InputError(`${fullPath}: expected a file or a folder that can be read: ${message}`)),
    ),
  );
