import type { BlobReader } from '@convlens/core';

/**
 * Files that someone picked in a browser, as a BlobReader: those of `<input type="file" multiple>` by their names, those
 * of a whole folder (`webkitdirectory`) by their path within it. Bytes are read only when asked for, and never sent
 * anywhere.
 */
export function pickedFiles(files: Iterable<File>): BlobReader {
  const paths = [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
  // A browser puts the picked folder's own name before each path; "inside that folder" is what readers mean by a name.
  const folder = paths[0]?.path.split('/')[0];
  const inside = paths.length > 0 && paths.every(({ path }) => path.startsWith(`${folder}/`));
  const byName = new Map(
    paths.map(({ file, path }) => [inside ? path.slice(folder.length + 1) : path, file] as const),
  );
  return {
    location: inside ? folder : 'picked files',
    async read(name) {
      const file = byName.get(name);
      return file && new Uint8Array(await file.arrayBuffer());
    },
    list: async (prefix = '') => [...byName.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}
