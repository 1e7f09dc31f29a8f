import * as h5wasm from 'h5wasm';

/** Values of a 7 x 10 x 3 array. */
export const VALUES = Float32Array.from({ length: 7 * 10 * 3 }, (_, i) => Math.fround(Math.sin(i)));

/** A file that the HDF5 library wrote, with `VALUES` as the dataset "x". */
export async function chunkedFile(options: object): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const name = 'chunks.h5';
  const file = new h5wasm.File(name, 'w');
  file.create_dataset({ name: 'x', data: VALUES, shape: [7, 10, 3], dtype: '<f4', ...options });
  file.close();
  const bytes = new Uint8Array(FS.readFile(name) as Uint8Array);
  FS.unlink(name);
  return bytes;
}
