import { expectIterable } from '@convlens/core';
import { streamChunks } from '@convlens/formats';
import type { FileSource } from './file-source.js';

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
  const byName = new Map(
    paths.map(({ file, path }) => [isFolder ? path.slice(folder.length + 1) : path, file] as const),
  );
  return {
    location: isFolder ? folder : 'selected files',
    async read(name) {
      const file = byName.get(name);
      return file && new Uint8Array(await file.arrayBuffer());
    },
    async stream(name) {
      const file = byName.get(name);
      return file && { bytes: file.size, chunks: streamChunks(file.stream()) };
    },
    list: async (prefix = '') => [...byName.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}
