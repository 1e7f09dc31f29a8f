import { randomAt } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../src/index.js';
import { files } from './reference.js';

beforeAll(() => tf.setBackend('cpu'));

/** How an import ends: "opened", or the message of the InputError; any other error is thrown. */
async function outcome(bytes: Uint8Array, name = 'a.keras'): Promise<string> {
  try {
    (await importKeras(bytes, { name })).model.dispose();
    return 'opened';
  } catch (error) {
    if ((error as Error).name === 'InputError') return (error as Error).message;
    throw error;
  }
}

/** The file with `text` replaced wherever it stands; both are of one length. */
function edited(bytes: Uint8Array, text: string, by: string): Uint8Array {
  expect(by.length).toBe(text.length);
  const buffer = Buffer.from(bytes);
  let found = 0;
  for (let at = buffer.indexOf(text); at >= 0; at = buffer.indexOf(text, at + 1)) {
    buffer.write(by, at);
    found++;
  }
  expect(found).toBeGreaterThan(0);
  return new Uint8Array(buffer);
}

describe('a file that is not what it should be', () => {
  it('is refused by what it begins with', async () => {
    expect(await outcome(new Uint8Array())).toMatch(
      /Expected a\.keras to be a Keras file.*begins with nothing/,
    );
    expect(await outcome(Uint8Array.of(1, 2, 3, 4, 5))).toMatch(/begins with 01 02 03 04/);
  });

  it.each(['multi-input.h5', 'multi-input.keras'])(
    'ends in an InputError wherever %s is cut off',
    async (name) => {
      const before = tf.memory().numTensors;
      const whole = files[name];
      for (let i = 1; i < 60; i++)
        expect(await outcome(whole.subarray(0, Math.floor((whole.length * i) / 60)), name)).toMatch(
          new RegExp(`Expected .*${name}`),
        );
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('is refused when an HDF5 size lies', async () => {
    const whole = files['mnist-5x5.h5'];
    const huge = new Uint8Array(whole);
    new DataView(huge.buffer).setUint32(40, 2 ** 31, true);
    expect(await outcome(huge, 'a.h5')).toMatch(
      /a\.h5 to be a whole HDF5 file, found an end of file at 2147483648/,
    );
  });

  it('is refused when its weights are not those of its layers, naming the layer', async () => {
    expect(await outcome(edited(files['mnist-5x5.h5'], '"filters": 4', '"filters": 5'), 'a.h5')).toMatch(
      /weights in a\.h5 to fit the layer "conv1": kernel should be 5 x 5 x 1 x 5, .*conv1\/kernel is 5 x 5 x 1 x 4/,
    );
    expect(
      await outcome(edited(files['mnist-5x5.h5'], '"units": 10', '"units": 9e'.padEnd(11, '9')), 'a.h5'),
    ).not.toBe('opened');
  });

  it('is refused when a class is not known, naming class, layer and file', async () => {
    expect(await outcome(edited(files['mnist-5x5.h5'], '"Flatten"', '"Flattne"'), 'a.h5')).toMatch(
      /Expected a\.h5 to hold .* layer "flatten.*" of class Flattne .*customLayers/,
    );
  });

  it('is refused when it is a zip bomb, before it has unfolded', async () => {
    const bomb = zipSync({ 'config.json': new Uint8Array(80 * 2 ** 20) }, { level: 9 });
    expect(await outcome(bomb)).toMatch(/config\.json in a\.keras to be at most 67108864 bytes, got more/);
  });

  it.each([
    ['merges.h5', 5000],
    ['multi-input.keras', 3000],
    ['nested-classifier.h5', 2000],
  ])(
    'opens or ends in an InputError for mutants of %s (%i of them), and leaves no tensor',
    async (name, count) => {
      const before = tf.memory().numTensors;
      const whole = files[name];
      let refused = 0;
      for (let i = 0; i < count; i++) {
        const random = randomAt(9, name, i);
        const mutant = whole.slice();
        for (let edits = 1 + Math.floor(random() * 8); edits > 0; edits--)
          mutant[Math.floor(random() * mutant.length)] = Math.floor(random() * 256);
        if ((await outcome(mutant, name)) !== 'opened') refused++;
      }
      expect(refused).toBeGreaterThan(count / 20);
      expect(tf.memory().numTensors).toBe(before);
    },
    60_000,
  );
});
