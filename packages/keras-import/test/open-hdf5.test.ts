import * as h5wasm from 'h5wasm';
import { describe, expect, it } from 'vitest';
import { openHdf5, type Hdf5Object } from '../src/hdf5/open-hdf5.js';
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
