import * as tf from '@tensorflow/tfjs';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { files } from '../reference.js';
import { outcome, testReplacedBytes } from './replaced-bytes.js';

beforeAll(() => tf.setBackend('cpu'));

/** The bytes with each occurrence of a text replaced by another text of the same length. */
function edited(bytes: Uint8Array, text: string, replacement: string): Uint8Array {
  expect(replacement.length).toBe(text.length);
  const buffer = Buffer.from(bytes);
  expect(buffer.includes(text)).toBe(true);
  for (let offset = 0; (offset = buffer.indexOf(text, offset)) >= 0; offset++)
    buffer.write(replacement, offset);
  return new Uint8Array(buffer);
}

describe('a damaged file', () => {
  it('is refused by its first bytes if it is not a Keras file', async () => {
    expect(await outcome(new Uint8Array())).toMatch(
      /Expected a\.keras to be a Keras file.*begins with nothing/,
    );
    expect(await outcome(Uint8Array.of(1, 2, 3, 4, 5))).toMatch(/begins with 01 02 03 04/);
  });

  it.each(['multi-input.h5', 'multi-input.keras'])(
    'ends in an InputError wherever %s is cut off',
    async (name) => {
      const before = tf.memory().numTensors;
      const bytes = files[name];
      for (let i = 1; i < 60; i++)
        expect(await outcome(bytes.subarray(0, Math.floor((bytes.length * i) / 60)), name)).toMatch(
          new RegExp(`Expected .*${name}`),
        );
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('is refused if an HDF5 size is wrong', async () => {
    const bytes = new Uint8Array(files['mnist-5x5.h5']);
    new DataView(bytes.buffer).setUint32(40, 2 ** 31, true);
    expect(await outcome(bytes, 'a.h5')).toMatch(
      /a\.h5 to be a valid HDF5 file, found a declared end of file 2147483648/,
    );
  });

  it('is refused with the name of the layer if the weights do not fit it', async () => {
    expect(await outcome(edited(files['mnist-5x5.h5'], '"filters": 4', '"filters": 5'), 'a.h5')).toMatch(
      /in a\.h5 to fit the layer "conv1": kernel should be 5 x 5 x 1 x 5, .*conv1\/kernel is 5 x 5 x 1 x 4/,
    );
    expect(
      await outcome(edited(files['mnist-5x5.h5'], '"units": 10', '"units": 9e'.padEnd(11, '9')), 'a.h5'),
    ).not.toBe('imported');
  });

  it('is refused with class, layer and file if a class is unknown', async () => {
    expect(await outcome(edited(files['mnist-5x5.h5'], '"Flatten"', '"Flattne"'), 'a.h5')).toMatch(
      /Expected a\.h5 to contain .* layer "flatten.*" of class Flattne .*customLayers/,
    );
  });

  it('is refused before it is unpacked if it is a zip bomb', async () => {
    const bomb = zipSync({ 'config.json': new Uint8Array(80 * 2 ** 20) }, { level: 1 });
    expect(await outcome(bomb)).toMatch(/config\.json in a\.keras to be at most 67108864 bytes, got more/);
  });

  testReplacedBytes({ part: 1 / 20 });
});
