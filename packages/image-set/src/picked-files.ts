import type { FileSource } from './file-source.js';

/**
 * Files that someone picked in a browser, as a FileSource: those of `<input type="file" multiple>` by their names, those
 * of a whole folder (`webkitdirectory`) by their path within it. Bytes are read only when asked for, and never sent
 * anywhere.
 */
export function pickedFiles(files: Iterable<File>): FileSource {
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
    async stream(name) {
      const file = byName.get(name);
      return file && { bytes: file.size, chunks: blobChunks(file) };
    },
    list: async (prefix = '') => [...byName.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}

/** The bytes of a Blob in pieces. */
export async function* blobChunks(blob: Blob): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
