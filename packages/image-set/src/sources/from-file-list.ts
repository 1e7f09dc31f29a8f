import { expectIterable } from '@convlens/core';
import type { FileSource } from './file-source.js';
import { namedFiles } from './named-files.js';

/**
 * Files that a user selected in a browser, as a FileSource: those of `<input type="file" multiple>` under their names, those
 * of a folder (`webkitdirectory`) under their paths in it. Bytes are read on request only, and never sent anywhere.
 */
export function fromFileList(files: Iterable<File>): FileSource {
  expectIterable('files', files);
  const paths = [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
  // Browsers put the name of the selected folder before each path, which is no part of the names in it.
  const folder = paths[0]?.path.split('/')[0];
  const isFolder = paths.length > 0 && paths.every(({ path }) => path.startsWith(`${folder}/`));
  return namedFiles(
    isFolder ? folder : 'selected files',
    new Map(paths.map(({ file, path }) => [isFolder ? path.slice(folder.length + 1) : path, file] as const)),
  );
}
