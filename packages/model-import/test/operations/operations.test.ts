import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { operationToLayer } from '../../src/operations/operations.js';
import { inputValues, unzip } from '../reference.js';

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const expected: number[] = JSON.parse(decode(fixture('operators.json'))).flat();

beforeAll(() => tf.setBackend('cpu'));

/** The fixture with a text in its config replaced. */
function edited(text: string, replacement: string): Uint8Array {
  const entries = unzip(fixture('operators.keras'));
  const config = decode(entries['config.json']);
  expect(config).toContain(text);
  const editedConfig = new TextEncoder().encode(config.replace(text, replacement));
  return zipSync({ ...entries, 'config.json': editedConfig });
}

describe('operations on tensors in a model of Keras 3', () => {
  it('compute what Keras does, within 1e-5, with numbers and with other tensors', async () => {
    const { model, preprocessing } = await importKeras(fixture('operators.keras'));
    const actual = tf.tidy(() =>
      (model.predict(tf.tensor(inputValues([2, 6, 6, 3], 0), [2, 6, 6, 3])) as tf.Tensor).dataSync(),
    );
    expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i])))).toBeLessThan(1e-5);
    // The model begins with x / 255, so it scales pixels itself.
    expect(preprocessing).toEqual({ scale: 1, mean: [0], std: [1] });
    model.dispose();
  });

  it('are refused with their name and their operands if no layer computes the same', async () => {
    await expect(
      importKeras(edited('"class_name": "Tanh"', '"class_name": "Erf"'), { fileName: 'a.keras' }),
    ).rejects.toThrow(/a\.keras .*the operation Erf of keras\.ops on a tensor: only sums, .*customLayers/);
    await expect(
      importKeras(edited('"class_name": "Multiply"', '"class_name": "Arctan2"'), { fileName: 'a.keras' }),
    ).rejects.toThrow(/the operation Arctan2 of keras\.ops on a tensor and 300/);
  });

  it.each(['Add', 'Multiply', 'Maximum'])('are refused with more operands than two: %s', (name) => {
    const tensor = { class_name: '__keras_tensor__', config: { keras_history: ['input', 0, 0] } };
    const json = { class_name: name, module: 'keras.src.ops.numpy', name: 'sum', config: {} };
    const withOperands = (...args: unknown[]) => ({ ...json, inbound_nodes: [{ args, kwargs: {} }] });
    expect(operationToLayer(withOperands(tensor, tensor), 'a.keras').class_name).toBe(name);
    expect(() => operationToLayer(withOperands(tensor, tensor, tensor), 'a.keras')).toThrow(
      `the operation ${name} of keras.ops on`,
    );
  });
});
