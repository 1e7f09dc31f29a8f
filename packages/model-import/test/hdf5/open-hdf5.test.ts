import { readFileSync } from 'node:fs';
import { randomAt } from '@convlens/core';
import * as h5wasm from 'h5wasm';
import { describe, expect, it } from 'vitest';
import { openHdf5, type Hdf5Object } from '../../src/hdf5/open-hdf5.js';
import { files } from '../reference.js';
import { chunkedFile, VALUES } from './chunked-file.js';

type Content = Record<string, unknown>;

const ATTRIBUTES = ['weight_names', 'layer_names', 'model_config', 'keras_version', 'name'];

/** Each array and each string attribute of a file, by path, as this package reads it. */
function contentOf(object: Hdf5Object, content: Content = {}): Content {
  for (const name of ATTRIBUTES) {
    const strings = object.stringAttribute(name);
    if (strings) content[`${object.path}@${name}`] = strings;
  }
  if (object.shape) content[object.path] = [object.shape, [...object.readValues()]];
  for (const key of object.keys()) contentOf(object.child(key)!, content);
  return content;
}

/** The same as the HDF5 library in WebAssembly reads it. */
function expectedContent(group: h5wasm.Group, path = '', content: Content = {}): Content {
  for (const name of ATTRIBUTES) {
    const value = group.attrs[name]?.value;
    const list = (Array.isArray(value) ? value : [value]) as unknown[];
    if (value !== undefined && list.every((item) => typeof item === 'string'))
      content[`${path}@${name}`] = list;
  }
  for (const key of group.keys()) {
    const child = group.get(key);
    const childPath = path ? `${path}/${key}` : key;
    if (child instanceof h5wasm.Dataset)
      content[childPath] = [
        child.shape,
        Array.from(ArrayBuffer.isView(child.value) ? (child.value as Float32Array) : [child.value], Number),
      ];
    else if (child instanceof h5wasm.Group) expectedContent(child, childPath, content);
  }
  return content;
}

describe('openHdf5', () => {
  it.each(Object.keys(files).filter((name) => name.endsWith('.h5')))(
    'reads %s as the HDF5 library does',
    async (name) => {
      const { FS } = await h5wasm.ready;
      FS.writeFile(name, files[name]);
      const file = new h5wasm.File(name, 'r');
      const expected = expectedContent(file);
      file.close();
      FS.unlink(name);
      expect(Object.keys(expected).length).toBeGreaterThan(2);
      expect(contentOf(openHdf5(files[name], name))).toEqual(expected);
    },
  );
});

describe('chunked arrays', () => {
  it.each([
    ['a single chunk', { chunks: [7, 10, 3] }],
    ['chunks that reach past the edges', { chunks: [3, 4, 2] }],
    ['chunks compressed with gzip', { chunks: [3, 4, 2], compression: 'gzip', compression_opts: 6 }],
    ['chunks of one element', { chunks: [1, 1, 1], compression: 'gzip', compression_opts: 9 }],
  ])('are read as the HDF5 library wrote them: %s', async (_, options) => {
    const bytes = await chunkedFile(options);
    const array = openHdf5(bytes, 'chunks.h5').child('x')!;
    expect(array.shape).toEqual([7, 10, 3]);
    expect([...array.readValues()]).toEqual([...VALUES]);
  });

  it('are read as h5py wrote them, with shuffled bytes and checksums', () => {
    const file = new Uint8Array(readFileSync(new URL('../fixtures/chunks.h5', import.meta.url)));
    const array = openHdf5(file, 'chunks.h5').child('x')!;
    expect([...array.readValues()]).toEqual(Array.from({ length: 210 }, (_, i) => i / 8));
  });

  it('are refused if a bit of a chunk with a checksum is flipped', () => {
    const file = new Uint8Array(readFileSync(new URL('../fixtures/chunks.h5', import.meta.url)));
    const expected = Array.from({ length: 210 }, (_, i) => i / 8);
    let refused = 0;
    for (let i = 0; i < 300; i++) {
      const random = randomAt(i, 'flip');
      const flipped = file.slice();
      // Most of the second half of the file are chunks and the tree of their addresses.
      const at = Math.floor(file.length * (0.5 + random() / 2));
      flipped[at] ^= 1 << Math.floor(random() * 8);
      try {
        expect([...openHdf5(flipped, 'chunks.h5').child('x')!.readValues()]).toEqual(expected);
      } catch (error) {
        expect((error as Error).name).toBe('InputError');
        if (/a chunk with the Fletcher-32 [\da-f]{8} in place of/.test((error as Error).message)) refused++;
      }
    }
    expect(refused).toBeGreaterThan(50);
  });

  /** chunks.h5, and the positions of the tree of its chunks and of the tree of its groups. */
  function fileWithTrees() {
    const file = new Uint8Array(readFileSync(new URL('../fixtures/chunks.h5', import.meta.url)));
    const trees: number[] = [];
    for (let at = 0; (at = Buffer.from(file).indexOf('TREE', at)) >= 0; at++) trees.push(at);
    const ofType = (type: number) => trees.find((at) => file[at + 4] === type)!;
    return { file, view: new DataView(file.buffer), chunks: ofType(1), groups: ofType(0) };
  }
  const read = (bytes: Uint8Array) => openHdf5(bytes, 'a.h5').child('x')!.readValues();

  it('are refused if a tree loops: one that leads to itself, and two that lead to each other', () => {
    for (const type of ['chunks', 'groups'] as const) {
      const { file, view, ...trees } = fileWithTrees();
      const tree = trees[type];
      file[tree + 5] = 1;
      const keyBytes = type === 'chunks' ? 40 : 8;
      for (let i = 0; i < view.getUint16(tree + 6, true); i++)
        view.setBigUint64(tree + 24 + i * (keyBytes + 8) + keyBytes, BigInt(tree), true);
      expect(() => read(file)).toThrow(/a tree that is too deep|a reference cycle/);
      // A node with many children, all of them the node itself, would be visited 30 ** 32 times.
      view.setUint16(tree + 6, 30, true);
      expect(() => read(file)).toThrow(/^Expected a\.h5 to be a valid HDF5 file, found/);
    }
  });

  it('are refused if two chunks have one place, so that others are missing', () => {
    const { file, view, chunks } = fileWithTrees();
    const origin = (i: number) => chunks + 24 + i * 48 + 8;
    file.copyWithin(origin(1), origin(0), origin(0) + 32);
    expect(() => read(file)).toThrow(/the array x with 17 of its 18 chunks/);
    view.setBigUint64(origin(1), 2n ** 60n, true);
    expect(() => read(file)).toThrow(/the array x with 17 of its 18 chunks/);
  });

  it('are refused if there are more chunks than the file has bytes', () => {
    const { file, view, chunks } = fileWithTrees();
    view.setUint16(chunks + 6, 0xffff, true);
    expect(() => read(file)).toThrow(/bytes that reach past its end|a reference cycle/);
  });

  it('are refused before memory is allocated if they claim to be far larger than the file', async () => {
    const bytes = await chunkedFile({
      chunks: [7, 10, 3],
      compression: 'gzip',
      compression_opts: 6,
    });
    // Overwrites the first size of the array (8 bytes per axis) and of its chunk (4 bytes per axis).
    const view = new DataView(bytes.buffer);
    for (let offset = 0; offset + 24 <= bytes.length; offset++)
      if (
        view.getUint32(offset, true) === 7 &&
        view.getUint32(offset + 8, true) === 10 &&
        view.getUint32(offset + 16, true) === 3
      )
        view.setUint32(offset, 70_000_000, true);
      else if (view.getUint32(offset, true) === 7 && view.getUint32(offset + 4, true) === 10)
        view.setUint32(offset, 70_000_000, true);
    expect(() => openHdf5(bytes, 'chunks.h5').child('x')!.readValues()).toThrow(
      /compressed arrays that are far larger than the file/,
    );
  });
});
