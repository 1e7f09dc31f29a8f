import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../src/index.js';
import { inputValues } from './reference.js';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
const expected: number[] = JSON.parse(strFromU8(fixture('operators.json'))).flat();

beforeAll(() => tf.setBackend('cpu'));

/** The file of Keras with something of its config replaced. */
function edited(text: string, by: string): Uint8Array {
  const parts = unzipSync(fixture('operators.keras'));
  const config = strFromU8(parts['config.json']);
  expect(config).toContain(text);
  return zipSync({ ...parts, 'config.json': strToU8(config.replace(text, by)) });
}

describe('operations on tensors in a model of Keras 3', () => {
  it('with numbers and with other tensors compute what Keras does, within 1e-5', async () => {
    const { model, preprocessing } = await importKeras(fixture('operators.keras'));
    const found = tf.tidy(() =>
      (model.predict(tf.tensor(inputValues([2, 6, 6, 3], 0), [2, 6, 6, 3])) as tf.Tensor).dataSync(),
    );
    expect(Math.max(...expected.map((value, i) => Math.abs(value - found[i])))).toBeLessThan(1e-5);
    // It begins with x / 255, so it reads pixels as they are.
    expect(preprocessing).toEqual({ scale: 1, mean: [0], std: [1] });
    model.dispose();
  });

  it('that are no layers are refused by their name and what they read', async () => {
    await expect(
      importKeras(edited('"class_name": "Tanh"', '"class_name": "Erf"'), { name: 'a.keras' }),
    ).rejects.toThrow(/a\.keras .*the operation Erf of keras\.ops on a tensor: only sums, .*customLayers/);
    await expect(
      importKeras(edited('"class_name": "Multiply"', '"class_name": "Power"'), { name: 'a.keras' }),
    ).rejects.toThrow(/the operation Power of keras\.ops on a tensor and 300/);
  });
});
