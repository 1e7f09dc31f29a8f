import { readFileSync } from 'node:fs';
import * as h5wasm from 'h5wasm';
import { describe, expect, it } from 'vitest';
import { openHdf5, type Hdf5Object } from '../src/hdf5/open-hdf5.js';
import { survives } from '../../../test/support/mutate-bytes.js';
import { files } from './reference.js';

/** Every array of a file and every attribute that is text, by path, as our reader sees them. */
function ours(object: Hdf5Object, found: Record<string, unknown> = {}) {
  for (const name of ['weight_names', 'layer_names', 'model_config', 'keras_version', 'name'])
    if (object.strings(name)) found[`${object.path}@${name}`] = object.strings(name);
  if (object.shape) found[object.path] = [object.shape, [...object.values()]];
  for (const key of object.keys()) ours(object.child(key)!, found);
  return found;
}

/** The same as the reference implementation, the HDF5 library in WebAssembly, sees them. */
function theirs(group: h5wasm.Group, path = '', found: Record<string, unknown> = {}) {
  for (const name of ['weight_names', 'layer_names', 'model_config', 'keras_version', 'name']) {
    const value = group.attrs[name]?.value;
    const list = (Array.isArray(value) ? value : [value]) as unknown[];
    if (value !== undefined && list.every((one) => typeof one === 'string')) found[`${path}@${name}`] = list;
  }
  for (const key of group.keys()) {
    const child = group.get(key);
    const full = path ? `${path}/${key}` : key;
    if (child instanceof h5wasm.Dataset)
      found[full] = [
        child.shape,
        Array.from(ArrayBuffer.isView(child.value) ? (child.value as Float32Array) : [child.value], Number),
      ];
    else if (child instanceof h5wasm.Group) theirs(child, full, found);
  }
  return found;
}

describe('openHdf5', () => {
  it.each(Object.keys(files).filter((name) => name.endsWith('.h5')))(
    'reads %s as the HDF5 library does',
    async (name) => {
      const { FS } = await h5wasm.ready;
      FS.writeFile(name, files[name]);
      const file = new h5wasm.File(name, 'r');
      const expected = theirs(file);
      file.close();
      FS.unlink(name);
      expect(Object.keys(expected).length).toBeGreaterThan(2);
      expect(ours(openHdf5(files[name], name))).toEqual(expected);
    },
  );
});

describe('arrays in chunks', () => {
  const values = Float32Array.from({ length: 7 * 10 * 3 }, (_, i) => Math.fround(Math.sin(i)));
  const written = async (name: string, options: object) => {
    const { FS } = await h5wasm.ready;
    const file = new h5wasm.File(name, 'w');
    file.create_dataset({ name: 'x', data: values, shape: [7, 10, 3], dtype: '<f4', ...options });
    file.close();
    const bytes = new Uint8Array(FS.readFile(name) as Uint8Array);
    FS.unlink(name);
    return bytes;
  };

  it.each([
    ['whole chunks', { chunks: [7, 10, 3] }],
    ['chunks that reach past the edges', { chunks: [3, 4, 2] }],
    ['chunks compressed with gzip', { chunks: [3, 4, 2], compression: 'gzip', compression_opts: 6 }],
    ['one of everything', { chunks: [1, 1, 1], compression: 'gzip', compression_opts: 9 }],
  ])('are read as the HDF5 library wrote them: %s', async (_, options) => {
    const bytes = await written('chunks.h5', options);
    const array = openHdf5(bytes, 'chunks.h5').child('x')!;
    expect(array.shape).toEqual([7, 10, 3]);
    expect([...array.values()]).toEqual([...values]);
  });

  it('are read as h5py writes them, with shuffled bytes and checksums', () => {
    const file = new Uint8Array(readFileSync(new URL('fixtures/chunks.h5', import.meta.url)));
    const array = openHdf5(file, 'chunks.h5').child('x')!;
    expect([...array.values()]).toEqual(Array.from({ length: 210 }, (_, i) => i / 8));
  });

  it('that are damaged are read or refused with a reason', async () => {
    const original = await written('chunks.h5', {
      chunks: [3, 4, 2],
      compression: 'gzip',
      compression_opts: 6,
    });
    const { refused } = await survives(original, {
      parse: (bytes) => openHdf5(bytes, 'chunks.h5').child('x')?.values(),
      count: 5000,
    });
    expect(refused).toBeGreaterThan(1000);
  });

  it('that claim to unfold to far more than the file are refused before memory is taken', async () => {
    const bytes = await written('chunks.h5', {
      chunks: [7, 10, 3],
      compression: 'gzip',
      compression_opts: 6,
    });
    // The extents of the array and of its chunk, as they stand in the file.
    const view = new DataView(bytes.buffer);
    for (let at = 0; at + 24 <= bytes.length; at++)
      if (
        view.getUint32(at, true) === 7 &&
        view.getUint32(at + 8, true) === 10 &&
        view.getUint32(at + 16, true) === 3
      )
        view.setUint32(at, 70_000_000, true);
      else if (view.getUint32(at, true) === 7 && view.getUint32(at + 4, true) === 10)
        view.setUint32(at, 70_000_000, true);
    expect(() => openHdf5(bytes, 'chunks.h5').child('x')!.values()).toThrow(
      /compressed arrays that unfold to far more than the file/,
    );
  });
});
